import { Attribute } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { FigureQualifier } from './enums.js';

/** A figure as somebody printed it, kept beside the figure that the rows give. */
@Book({
  room: 'tenancy',
  plural: 'reportedFigures',
  public: 'all',
  description: 'A figure as it was printed, kept beside the one that the rows give. 公开报道数据',
})
export class ReportedFigure extends Sourced {
  @Attribute('text', { description: 'Term, in English lower camel case ("hnteCount"). 指标', filter: true, order: true, group: true, length: 60 })
  term!: string;

  @Attribute('integer', { description: 'The year it speaks of, where stated. 年度', nullable: true, filter: true, order: true, group: true })
  year!: number | null;

  @Attribute('decimal', { description: 'The value, in the unit. 数值', filter: true, order: true })
  value!: bigint;

  @Attribute('text', { description: 'Unit: CNY, %, m2, count, year, month, ratio. 单位', filter: true, length: 20 })
  unit!: string;

  @Attribute('enum', { enum: FigureQualifier, description: 'How exactly it is stated. 口径', filter: true, group: true })
  qualifier!: FigureQualifier;

  @Attribute('text', { description: 'The words it was printed in. 原文', length: 300 })
  statement!: string;

  @Attribute('text', { description: 'What is odd about it. 备注', nullable: true, length: 300 })
  note!: string | null;
}
