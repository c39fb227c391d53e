import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';

/** A disaster shelter that the park supplied. */
@Book({ room: 'operations', plural: 'shelters', key: 'number', description: 'A disaster shelter that the park supplied. 灾民安置点' })
export class Shelter extends Sourced {
  @Attribute('text', { description: 'Number. 编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('text', { description: 'Name. 名称', filter: true, order: true })
  name!: string;

  @Attribute('date', { description: 'Supplied on. 物资送达日期', filter: true, order: true, group: true })
  suppliedOn!: string;
}
