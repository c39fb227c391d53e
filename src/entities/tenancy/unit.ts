import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Carrier } from './carrier.js';

/** A unit: rooms or a workshop that is let as one. */
@Book({ room: 'tenancy', plural: 'units', key: 'number', description: 'A unit of a carrier that is let as one. 房源单元' })
export class Unit extends Sourced {
  @Attribute('text', { description: 'Number. 单元编号', filter: true, order: true, length: 40 })
  number!: string;

  @Attribute('text', { description: 'Code of its carrier. 载体编号', filter: true, group: true, length: 40 })
  carrierCode!: string;

  @Attribute('text', { description: 'Building. 楼栋', filter: true, group: true, length: 40 })
  building!: string;

  @Attribute('integer', { description: 'Floor. 楼层', filter: true, order: true, group: true })
  floor!: number;

  @Attribute('decimal', { description: 'Floor area in m². 面积（平方米）', filter: true, order: true, total: true })
  area!: bigint;

  @Link(() => Carrier, {
    from: 'carrierCode',
    required: true,
    description: 'Its carrier. 所属载体',
    inverse: { name: 'units', description: 'Its units. 房源单元' },
  })
  carrier?: Carrier;
}
