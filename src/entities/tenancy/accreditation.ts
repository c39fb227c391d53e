import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { AccreditationLevel, CarrierKind } from './enums.js';

/** A recognition of the park (or of what it grew from) as a carrier. */
@Book({ room: 'tenancy', plural: 'accreditations', public: 'all', description: 'A recognition of the park as a carrier. 载体认定' })
export class Accreditation extends Sourced {
  @Attribute('enum', { enum: CarrierKind, description: 'Recognised as. 认定类型', filter: true, group: true })
  kind!: CarrierKind;

  @Attribute('enum', { enum: AccreditationLevel, description: 'Level. 级别', filter: true, group: true })
  level!: AccreditationLevel;

  @Attribute('integer', { description: 'Year of recognition, where stated. 认定年份', nullable: true, filter: true, order: true })
  year!: number | null;

  @Attribute('text', { description: 'Who recognised it, where stated. 认定部门', nullable: true, filter: true })
  authority!: string | null;

  @Attribute('text', { description: 'The legal person that holds it, where known. 认定主体', nullable: true, filter: true })
  holder!: string | null;
}
