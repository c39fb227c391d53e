import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { AccreditationLevel, CarrierKind } from './enums.js';

/** A carrier: a building or part of one in which companies are incubated. */
@Book({ room: 'tenancy', plural: 'carriers', key: 'code', public: 'all', description: 'An incubation carrier of the park. 孵化载体' })
export class Carrier extends Sourced {
  @Attribute('text', { description: 'Code. 载体编号', filter: true, length: 40 })
  code!: string;

  @Attribute('text', { description: 'Name. 名称', filter: true, order: true })
  name!: string;

  @Attribute('enum', { enum: CarrierKind, description: 'Link of the chain. 类型', filter: true, group: true })
  kind!: CarrierKind;

  @Attribute('enum', { enum: AccreditationLevel, description: 'Level of its recognition. 级别', filter: true, group: true })
  level!: AccreditationLevel;

  @Attribute('decimal', { description: 'Floor area in m². 总面积（平方米）', filter: true, order: true, total: true })
  totalArea!: bigint;
}
