import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Patent } from './patent.js';
import { Tenant } from './tenant.js';

/** A copy of CNIPA's register of one patent, as the park drew it. */
@Book({
  room: 'tenancy',
  plural: 'patentExtracts',
  key: 'number',
  scope: 'INTELLECTUAL_PROPERTY',
  description: "A copy of CNIPA's register of a patent, as the park drew it. 专利登记簿副本",
})
export class PatentExtract extends Sourced {
  @Attribute('text', { description: 'Number of the copy. 副本编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Application number of the patent. 专利申请号', filter: true, order: true, length: 14 })
  patentNumber!: string;

  @Attribute('date', { description: 'Drawn on. 查询日期', filter: true, order: true, group: true })
  drawnOn!: string;

  @Attribute('date', {
    description: 'Day of registration of the pledge that it shows; empty where it shows none. 质押登记日期',
    nullable: true,
    filter: true,
    order: true,
    group: true,
    // A pledge of a patent arises on its registration (Civil Code, art. 444): registered or not is pledged or not.
    states: { fact: 'PATENT_PLEDGE', subject: 'patentNumber', dates: ['drawnOn'], as: (pledgedOn) => pledgedOn !== null },
  })
  pledgedOn!: string | null;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'The tenant. 企业',
    inverse: { name: 'patentExtracts', description: "Copies of CNIPA's register of its patents. 专利登记簿副本" },
  })
  tenant?: Tenant;

  @Link(() => Patent, {
    from: 'patentNumber',
    required: true,
    description: 'The patent. 专利',
    inverse: { name: 'extracts', description: "Copies of CNIPA's register of it. 专利登记簿副本" },
  })
  patent?: Patent;
}
