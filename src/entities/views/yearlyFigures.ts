import { Field, Int, ObjectType } from 'type-graphql';
import { DateScalar } from '../../schema/scalars.js';

/** The park's figures of one year, computed from the rows of the books. */
@ObjectType({ description: "The park's figures of one year, computed from the rows of the books; `reported` holds what was printed. 年度指标" })
export class YearlyFigures {
  @Field(() => Int, { description: 'The year. 年度' })
  year!: number;

  @Field(() => DateScalar, { description: 'The last day of the year: as of when stocks are counted. 统计时点' })
  asOf!: string;
}
