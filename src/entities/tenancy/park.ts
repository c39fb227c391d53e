import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';

/** The park that this hub serves; one row, from park.yml. */
@Book({ room: 'tenancy', plural: 'parks', public: 'all', configured: true, description: 'The park that this hub serves. 园区' })
export class Park extends Sourced {
  @Attribute('text', { description: 'Name. 名称' })
  name!: string;

  @Attribute('text', { description: 'Who runs the park. 运营机构' })
  operator!: string;

  @Attribute('text', { description: 'City. 所在市' })
  city!: string;

  @Attribute('text', { description: 'Development zone. 所在开发区' })
  zone!: string;

  @Attribute('text', { description: 'Statistical area code (six digits). 区划代码', length: 6 })
  areaCode!: string;

  @Attribute('date', { description: "First day of the park's present operation. 运营起始日" })
  operatedSince!: string;

  @Attribute('integer', { description: 'Months a new tenant is observed before its first assessment. 观察期（月）' })
  observationMonths!: number;
}
