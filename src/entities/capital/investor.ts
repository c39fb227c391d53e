import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';

/** A venture-capital partner of the park; its code is the id of its source. */
@Book({
  room: 'capital',
  plural: 'investors',
  key: 'code',
  public: ['name', 'shortName'],
  configured: true,
  description: 'A venture-capital partner of the park. 投资机构',
})
export class Investor extends Sourced {
  @Attribute('text', { description: 'Its code: the id of the source that holds its book. 机构代码', filter: true, order: true, length: 63 })
  code!: string;

  @Attribute('text', { description: 'Name as registered. 名称', filter: true, order: true })
  name!: string;

  @Attribute('text', { description: 'Short name. 简称', filter: true, order: true, length: 60 })
  shortName!: string;

  @Attribute('uscc', { description: 'Unified social credit code, where known. 统一社会信用代码', nullable: true, filter: true })
  uscc!: string | null;

  @Attribute('text', { description: 'AMAC manager registration number, where known. 基金管理人登记编号', nullable: true, filter: true, length: 8 })
  managerNumber!: string | null;
}
