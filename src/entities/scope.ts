/** What a tenant may authorise a partner to read of it. An entity file says to which scope its attributes belong. */
import { defineEnum, type ValueOf } from './enums.js';

export const Scope = defineEnum('Scope', 'What an authorization opens. 授权范围', {
  IDENTITY: 'Who it is: registration, shareholders, former names. 主体信息',
  OPERATING: 'How it does: annual figures, leases, relief. 经营信息',
  INTELLECTUAL_PROPERTY: 'Patents that are not granted, and pledges as the register shows them. 知识产权信息',
  FINANCING: 'Equity that came to it. 股权融资信息',
  CREDIT: 'What banks lent it, and what their files say of it. 信贷信息',
});
export type Scope = ValueOf<typeof Scope>;
