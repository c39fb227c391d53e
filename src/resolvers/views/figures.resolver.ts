/**
 * `park.figures`: the park's figures of a year, from the rows. A stock (tenants, HNTEs, patents) is counted as of the
 * last day of the year; a flow (output, financing, rent waived) over the year. Each field asks its book when it is
 * asked for, so that the cost of an answer is that of the fields in it.
 */
import { Int } from 'type-graphql';
import { definitionOf, type EntityClass } from '../../entities/definition.js';
import {
  AnnualReport,
  Application,
  Carrier,
  Certification,
  Donation,
  Eviction,
  Graduation,
  Lease,
  Park,
  Patent,
  RentWaiver,
  ReportedFigure,
  Shelter,
  Tenant,
} from '../../entities/index.js';
import { YearlyFigures } from '../../entities/views/yearlyFigures.js';
import { connectionField, listedEntity } from '../../schema/connection.js';
import type { HubContext } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import { type FieldDeclaration, type FieldReads, fieldsOf, type ResolverClass } from '../../schema/fieldResolver.js';
import { DecimalScalar, MoneyScalar } from '../../schema/scalars.js';
import type { Condition } from '../../sources/book.js';
import { ratio } from '../../values/decimal.js';
import { financingList } from '../tenancy/financing.resolver.js';

const MOST_YEARS = 20;
/** Companies whose keys a figure may carry from one book to another. */
const MOST_COMPANIES = 5_000;
/** Companies that a figure over what they report must rest on: of two, each would read the other's from it. */
const FEWEST_COMPANIES = 3;

/** `park.figures` and its fields. */
export function figuresFields(): ResolverClass[] {
  return [
    fieldsOf(Park, [
      {
        name: 'figures',
        description: 'The figures of these years, in their order. 年度指标',
        type: () => [YearlyFigures],
        needs: [],
        reads: { rows: ({ years }) => Math.min(MOST_YEARS, (years as readonly number[]).length) },
        arguments: { years: { type: () => [Int], description: `At most ${MOST_YEARS} years. 年度` } },
        resolve: (_park, given, context) => {
          const years = given.years as number[];
          if (years.length > MOST_YEARS)
            throw new HubError('BAD_USER_INPUT', `years: expected at most ${MOST_YEARS}, but got: ${years.length}. Ask in several queries.`);
          const wrong = years.find((year) => year < 1949 || year > 9999);
          if (wrong !== undefined) throw new HubError('BAD_USER_INPUT', `years: expected years from 1949 to 9999, but got: ${wrong}.`);
          // Public, though the rows are not: see src/access/rules.ts. The lists of rows below are asked by the viewer all the same.
          return years.map((year) => new Year(context, year));
        },
      },
    ]),
    fieldsOf<Year>(YearlyFigures, fields()),
  ];
}

/** One year's figures, with the sets of companies that several of them share. */
class Year {
  readonly asOf: string;
  private readonly context: HubContext;
  private companies?: Promise<string[]>;
  private readonly certified = new Map<string, Promise<string[]>>();

  /** @param asker who is answered; the figures are asked by the hub itself */
  constructor(
    private readonly asker: HubContext,
    readonly year: number,
  ) {
    this.context = asker.asHub;
    this.asOf = `${year}-12-31`;
  }

  before(): Year {
    return new Year(this.asker, this.year - 1);
  }

  /**
   * What a figure over companies' rows is, unless one of fewer than three companies could be told from it: null, and
   * `extensions.hidden` says so. Who sees the rows whole may add them up without the hub, and is told.
   *
   * @param rests the rows that the figure rests on, and those that it leaves of a figure that is told as well
   */
  async unlessOfFew<T>(figure: string, entity: EntityClass, rests: readonly Condition[], value: () => Promise<T>): Promise<T | null> {
    if (await this.asker.seesWhole(definitionOf(entity))) return value();
    const counts = await Promise.all(rests.map((where) => this.companiesIn(entity, where)));
    if (counts.every((count) => count === 0 || count >= FEWEST_COMPANIES)) return value();
    this.asker.hideRecord('park', YearlyFigures.name, figure, 'SMALL_GROUP');
    return null;
  }

  /** How many companies rows are of: three are as many as more. */
  private async companiesIn(entity: EntityClass, where: Condition): Promise<number> {
    const { rows } = await this.context.books.ofEntity(entity).total(where, [{ attribute: 'tenantUscc', year: false }], [], FEWEST_COMPANIES);
    return rows.length;
  }

  async count(entity: EntityClass, where?: Condition): Promise<number> {
    const { rows } = await this.context.books.ofEntity(entity).total(where, [], [{ function: 'count' }]);
    return (rows[0]?.figures[0] as number | undefined) ?? 0;
  }

  /** The sum of an attribute; zero over no rows. */
  async sum(entity: EntityClass, attribute: string, where?: Condition): Promise<bigint> {
    const { rows } = await this.context.books.ofEntity(entity).total(where, [], [{ function: 'sum', attribute }]);
    return (rows[0]?.figures[0] as bigint | null | undefined) ?? 0n;
  }

  /** Conditions on a date within the year. */
  within(attribute: string): Condition {
    return all({ attribute, is: 'gte', value: `${this.year}-01-01` }, { attribute, is: 'lte', value: this.asOf });
  }

  until(attribute: string): Condition {
    return { attribute, is: 'lte', value: this.asOf };
  }

  /** Begun by the last day of the year, and not over then. */
  running(start: string, end: string): Condition {
    return all(this.until(start), {
      any: [
        { attribute: end, is: 'isNull', value: true },
        { attribute: end, is: 'gt', value: this.asOf },
      ],
    });
  }

  /** USCCs of the companies that were in the park on the last day of the year. */
  inPark(): Promise<string[]> {
    this.companies ??= this.keys(Tenant, 'uscc', this.running('enteredOn', 'leftOn'));
    return this.companies;
  }

  /** USCCs of those of them that held a valid certification of the kind that day. */
  holding(kind: string): Promise<string[]> {
    let found = this.certified.get(kind);
    if (!found) {
      found = this.inPark().then((companies) =>
        this.keys(
          Certification,
          'tenantUscc',
          all({ attribute: 'kind', is: 'eq', value: kind }, this.until('issuedOn'), { attribute: 'validTo', is: 'gte', value: this.asOf }, among(companies)),
        ),
      );
      this.certified.set(kind, found);
    }
    return found;
  }

  /** The distinct values of a key, by a total grouped by it. */
  private async keys(entity: EntityClass, attribute: string, where: Condition): Promise<string[]> {
    const { rows } = await this.context.books.ofEntity(entity).total(where, [{ attribute, year: false }], [{ function: 'count' }]);
    if (rows.length > MOST_COMPANIES)
      throw new HubError('LIMIT_EXCEEDED', `figures: expected at most ${MOST_COMPANIES} companies, but there are ${rows.length}.`);
    return rows.map((row) => row.group[0] as string);
  }
}

function all(...conditions: Condition[]): Condition {
  return { all: conditions };
}

function among(companies: readonly string[]): Condition {
  return { attribute: 'tenantUscc', is: 'in', value: companies };
}

type FigureField = FieldDeclaration<Year>;

/** A figure asks two or three books, some of them for the companies that another counts. */
const reads: FieldReads = { entities: () => [Tenant.name], asks: 3 };

function count(name: string, description: string, resolve: (year: Year) => Promise<number>): FigureField {
  return { name, description, type: () => Int, reads, resolve };
}

function money(name: string, description: string, resolve: (year: Year) => Promise<bigint>): FigureField {
  return { name, description, type: () => MoneyScalar, reads, resolve };
}

function decimal(name: string, description: string, resolve: (year: Year) => Promise<bigint | null>): FigureField {
  return { name, description, type: () => DecimalScalar, nullable: true, reads, resolve };
}

/** What a figure rests on that is made of what companies report. */
interface OfCompanies {
  readonly entity: EntityClass;
  readonly rests: (year: Year) => readonly Condition[] | Promise<readonly Condition[]>;
}

/** The figure, null where it is of few companies. */
function unlessOfFew(field: FigureField, { entity, rests }: OfCompanies): FigureField {
  const { name, description, resolve } = field;
  const [english, chinese] = description.split(/\.(?= [^ ]+$)/);
  return {
    ...field,
    description: `${english}; null where it rests on fewer than ${FEWEST_COMPANIES} companies.${chinese}`,
    nullable: true,
    reads: { ...reads, asks: 6 },
    resolve: async (year, ...rest) => year.unlessOfFew(name, entity, await rests(year), async () => resolve(year, ...rest)),
  };
}

function ofYear(year: Year): Condition {
  return { attribute: 'year', is: 'eq', value: year.year };
}

/** The reports of the year that state an attribute. */
function reporting(attribute: string): OfCompanies {
  return { entity: AnnualReport, rests: (year) => [stating(year, attribute)] };
}

function stating(year: Year, attribute: string): Condition {
  return all(ofYear(year), { attribute, is: 'isNull', value: false });
}

/** The HNTEs' output, and that of the others: who knows the whole would know it from the part. */
const hntesReports: OfCompanies = {
  entity: AnnualReport,
  rests: async (year) => {
    const hntes = among(await year.holding('HNTE'));
    return [all(stating(year, 'output'), hntes), all(stating(year, 'output'), { not: hntes })];
  },
};

const waivers: OfCompanies = { entity: RentWaiver, rests: (year) => [year.within('startedOn')] };
const leases: OfCompanies = { entity: Lease, rests: (year) => [year.running('startedOn', 'endedOn')] };

async function hnteOutput(year: Year): Promise<bigint> {
  return year.sum(AnnualReport, 'output', all(ofYear(year), among(await year.holding('HNTE'))));
}

const filings: OfCompanies = { entity: Patent, rests: async (year) => [all(year.until('filedOn'), among(await year.inPark()))] };

function fields(): FigureField[] {
  const output = (year: Year) => year.sum(AnnualReport, 'output', ofYear(year));
  const admitted = (year: Year) => year.count(Application, all({ attribute: 'state', is: 'eq', value: 'ADMITTED' }, year.until('decidedOn')));
  const decided = (year: Year) => year.count(Application, all({ attribute: 'state', is: 'in', value: ['ADMITTED', 'REJECTED'] }, year.until('decidedOn')));
  const totalArea = (year: Year) => year.sum(Carrier, 'totalArea');
  const letArea = (year: Year) => year.sum(Lease, 'area', year.running('startedOn', 'endedOn'));
  const patents = async (year: Year, ...more: Condition[]) => year.count(Patent, all(year.until('filedOn'), among(await year.inPark()), ...more));
  return [
    count('tenantCount', 'Companies in the park. 在园企业数', async (year) => (await year.inPark()).length),
    count('hnteCount', 'Of them, with a valid HNTE certificate. 高新技术企业数', async (year) => (await year.holding('HNTE')).length),
    decimal('hnteShare', 'Share of HNTEs among the companies. 高新技术企业占比', async (year) =>
      ratio(BigInt((await year.holding('HNTE')).length), BigInt((await year.inPark()).length)),
    ),
    count('hnteAdded', 'HNTEs that were none a year before. 新增高新技术企业数', async (year) => {
      const before = new Set(await year.before().holding('HNTE'));
      return (await year.holding('HNTE')).filter((uscc) => !before.has(uscc)).length;
    }),
    count('techSmeCount', 'Of them, in the tech SME register of the year. 科技型中小企业数', async (year) => (await year.holding('TECH_SME')).length),
    unlessOfFew(money('output', 'Output value of the year. 年产值', output), reporting('output')),
    unlessOfFew(money('hnteOutput', 'Of it, by HNTEs. 高新技术企业产值', hnteOutput), hntesReports),
    unlessOfFew(
      decimal('hnteOutputShare', 'Share of HNTEs in the output. 高新技术企业产值占比', async (year) => ratio(await hnteOutput(year), await output(year))),
      hntesReports,
    ),
    unlessOfFew(
      money('revenue', 'Operating revenue of the year. 营业收入', (year) => year.sum(AnnualReport, 'revenue', ofYear(year))),
      reporting('revenue'),
    ),
    unlessOfFew(
      money('researchSpending', 'Research and development spending of the year. 研发费用', (year) => year.sum(AnnualReport, 'researchSpending', ofYear(year))),
      reporting('researchSpending'),
    ),
    unlessOfFew(
      count('jobs', 'Jobs at the end of the year. 就业岗位', async (year) => Number(await year.sum(AnnualReport, 'staff', ofYear(year)))),
      reporting('staff'),
    ),
    unlessOfFew(
      count('patentsFiled', 'Patents that the companies in the park ever filed. 申报专利总数', (year) => patents(year)),
      filings,
    ),
    unlessOfFew(
      count('inventionPatents', 'Of them, inventions. 其中发明专利', (year) => patents(year, { attribute: 'kind', is: 'eq', value: 'INVENTION' })),
      filings,
    ),
    decimal('totalArea', 'Floor area of the carriers in m². 总面积（平方米）', totalArea),
    unlessOfFew(decimal('letArea', 'Of it, let. 已出租面积（平方米）', letArea), leases),
    unlessOfFew(
      decimal('occupancy', 'Share of the floor area that is let. 出租率', async (year) => ratio(await letArea(year), await totalArea(year))),
      leases,
    ),
    count('waitingCount', 'Applications that wait for space. 排队入驻数', (year) =>
      year.count(Application, all({ attribute: 'state', is: 'eq', value: 'WAITING_LIST' }, year.until('appliedOn'))),
    ),
    decimal('admissionRate', 'Admitted among the applications decided so far. 入园成功率', async (year) =>
      ratio(BigInt(await admitted(year)), BigInt(await decided(year))),
    ),
    count('evictedCount', 'Companies evicted so far. 累计清退企业数', (year) => year.count(Eviction, year.until('date'))),
    count('graduateCount', 'Companies graduated so far. 累计毕业企业数', (year) => year.count(Graduation, year.until('date'))),
    unlessOfFew(
      money('rentWaived', 'Rent waived for periods that began in the year. 减免租金', (year) => year.sum(RentWaiver, 'amount', year.within('startedOn'))),
      waivers,
    ),
    money('reliefGoodsRaised', 'Value of relief goods raised in the year. 募集社会物资', (year) => year.sum(Donation, 'amount', year.within('date'))),
    count('shelterCount', 'Shelters supplied in the year. 灾民安置点数', (year) => year.count(Shelter, year.within('suppliedOn'))),
    connectionField<Year>(financingList(), 'financing', 'Money that came to tenants in the year, from every source. 融资', (year) => year.within('date')),
    connectionField<Year>(listedEntity(definitionOf(ReportedFigure)), 'reported', 'Figures of the year as they were printed. 公开报道数据', ofYear),
  ];
}
