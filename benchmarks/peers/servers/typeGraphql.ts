/** type-graphql over TypeORM's relations on Apollo Server, as one would write it first: entities that are object types, relations that the query selects. */
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import DataLoader from 'dataloader';
import createFastify from 'fastify';
import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { Arg, buildSchema, Ctx, Field, FieldResolver, Info, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Column, DataSource, Entity, In, JoinColumn, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm';

@ObjectType()
@Entity('banks')
class Bank {
  @Field(() => String) @PrimaryColumn('text') code: string;
  @Field(() => String) @Column('text') name: string;
  @Field(() => String) @Column('text', { name: 'short_name' }) shortName: string;
  @Field(() => String) @Column('text') uscc: string;
  @Field(() => String) @Column('text', { name: 'cnaps_prefix' }) cnapsPrefix: string;
}

@ObjectType()
@Entity('investors')
class Investor {
  @Field(() => String) @PrimaryColumn('text') code: string;
  @Field(() => String) @Column('text') name: string;
  @Field(() => String) @Column('text', { name: 'short_name' }) shortName: string;
}

@ObjectType()
@Entity('tenants')
class Tenant {
  @Field(() => String) @PrimaryColumn('text') uscc: string;
  @Field(() => String) @Column('text') name: string;
  @Field(() => String) @Column('text') industry: string;
  @Field(() => String) @Column('text', { name: 'technology_field' }) technologyField: string;
  @Field(() => String) @Column('text') stage: string;
  @Field(() => String) @Column('text') status: string;
  @Field(() => String) @Column('numeric', { name: 'registered_capital' }) registeredCapital: string;
  @Field(() => String) @Column('date', { name: 'founded_on' }) foundedOn: string;
  @Field(() => String) @Column('date', { name: 'entered_on' }) enteredOn: string;
  @Field(() => String, { nullable: true }) @Column('date', { name: 'left_on', nullable: true }) leftOn: string | null;
  @Field(() => [AnnualReport])
  @OneToMany(
    () => AnnualReport,
    (report) => report.tenant,
  )
  annualReports: AnnualReport[];
  @Field(() => [Patent])
  @OneToMany(
    () => Patent,
    (patent) => patent.tenant,
  )
  patents: Patent[];
  @Field(() => [Loan])
  @OneToMany(
    () => Loan,
    (loan) => loan.tenant,
  )
  loans: Loan[];
  @Field(() => [Investment])
  @OneToMany(
    () => Investment,
    (investment) => investment.tenant,
  )
  investments: Investment[];
}

@ObjectType()
@Entity('annual_reports')
class AnnualReport {
  @PrimaryColumn('text') key: string;
  @Field(() => String) @Column('text', { name: 'tenant_uscc' }) tenantUscc: string;
  @Field(() => Int) @Column('int') year: number;
  @Field(() => String) @Column('numeric') output: string;
  @Field(() => String) @Column('numeric') revenue: string;
  @Field(() => String) @Column('numeric', { name: 'research_spending' }) researchSpending: string;
  @Field(() => String) @Column('numeric', { name: 'tax_paid' }) taxPaid: string;
  @Field(() => Int) @Column('int') staff: number;
  @Field(() => Int) @Column('int', { name: 'science_staff' }) scienceStaff: number;
  @Field(() => Tenant)
  @ManyToOne(
    () => Tenant,
    (tenant) => tenant.annualReports,
  )
  @JoinColumn({ name: 'tenant_uscc' })
  tenant: Tenant;
}

@ObjectType()
@Entity('patents')
class Patent {
  @Field(() => String) @PrimaryColumn('text', { name: 'application_number' }) applicationNumber: string;
  @Field(() => String) @Column('text', { name: 'tenant_uscc' }) tenantUscc: string;
  @Field(() => String) @Column('text') kind: string;
  @Field(() => String) @Column('text') title: string;
  @Field(() => String) @Column('text') status: string;
  @Field(() => String) @Column('date', { name: 'filed_on' }) filedOn: string;
  @Field(() => String, { nullable: true }) @Column('date', { name: 'granted_on', nullable: true }) grantedOn: string | null;
  @Field(() => Tenant)
  @ManyToOne(
    () => Tenant,
    (tenant) => tenant.patents,
  )
  @JoinColumn({ name: 'tenant_uscc' })
  tenant: Tenant;
}

@ObjectType()
@Entity('investments')
class Investment {
  @Field(() => String) @PrimaryColumn('text') number: string;
  @Field(() => String) @Column('text', { name: 'tenant_uscc' }) tenantUscc: string;
  @Field(() => String) @Column('text', { name: 'investor_code' }) investorCode: string;
  @Field(() => String) @Column('text', { name: 'fund_code' }) fundCode: string;
  @Field(() => String) @Column('text') round: string;
  @Field(() => String) @Column('numeric') amount: string;
  @Field(() => String) @Column('date') date: string;
  @Field(() => String) @Column('numeric') stake: string;
  @Field(() => String) @Column('text') status: string;
  @Field(() => Tenant)
  @ManyToOne(
    () => Tenant,
    (tenant) => tenant.investments,
  )
  @JoinColumn({ name: 'tenant_uscc' })
  tenant: Tenant;
  @Field(() => Investor) @ManyToOne(() => Investor) @JoinColumn({ name: 'investor_code' }) investor: Investor;
}

@ObjectType()
@Entity('loans')
class Loan {
  @Field(() => String) @PrimaryColumn('text') number: string;
  @Field(() => String) @Column('text', { name: 'tenant_uscc' }) tenantUscc: string;
  @Field(() => String) @Column('text', { name: 'bank_code' }) bankCode: string;
  @Field(() => String) @Column('text', { name: 'product_code' }) productCode: string;
  @Field(() => String) @Column('text') kind: string;
  @Field(() => String) @Column('numeric') amount: string;
  @Field(() => String) @Column('numeric') balance: string;
  @Field(() => String) @Column('numeric') rate: string;
  @Field(() => String) @Column('date') date: string;
  @Field(() => String) @Column('date', { name: 'matures_on' }) maturesOn: string;
  @Field(() => String) @Column('text') classification: string;
  @Field(() => String) @Column('text') status: string;
  @Field(() => Tenant)
  @ManyToOne(
    () => Tenant,
    (tenant) => tenant.loans,
  )
  @JoinColumn({ name: 'tenant_uscc' })
  tenant: Tenant;
  @Field(() => Bank) @ManyToOne(() => Bank) @JoinColumn({ name: 'bank_code' }) bank: Bank;
}

@ObjectType()
class TenantPage {
  @Field(() => [Tenant]) nodes: Tenant[];
  @Field(() => Boolean) hasNextPage: boolean;
}

@ObjectType()
class LoanTotals {
  @Field(() => String) classification: string;
  @Field(() => String) status: string;
  @Field(() => Int) count: number;
  @Field(() => String) amount: string;
  @Field(() => String) balance: string;
}

interface Context {
  readonly patentCounts: DataLoader<string, number>;
}

type Relations = { [name: string]: Relations | true };

/** The relations that a document selects, as TypeORM's `find` takes them. */
function relationsOf(set: SelectionSetNode | undefined): Relations {
  const fields = (set?.selections ?? []).filter((node): node is FieldNode => node.kind === 'Field' && node.selectionSet !== undefined);
  return Object.fromEntries(
    fields.map((field) => {
      const nested = relationsOf(field.selectionSet);
      return [field.name.value, Object.keys(nested).length > 0 ? nested : true];
    }),
  );
}

const source = new DataSource({
  type: 'postgres',
  url: process.env.PEER_DATABASE as string,
  entities: [Bank, Investor, Tenant, AnnualReport, Patent, Investment, Loan],
  extra: { max: Number(process.env.PEER_POOL) },
});

/** A statement for each relation: joined in one statement, lists beside each other would multiply. */
const find = (info: GraphQLResolveInfo) => ({ relations: relationsOf(info.fieldNodes[0]?.selectionSet), relationLoadStrategy: 'query' as const });

@Resolver(() => Tenant)
class TenantResolver {
  @Query(() => TenantPage)
  async tenants(
    @Arg('industry', () => String) industry: string,
    @Arg('status', () => String) status: string,
    @Arg('first', () => Int) first: number,
  ): Promise<TenantPage> {
    const rows = await source.getRepository(Tenant).find({ where: { industry, status }, order: { registeredCapital: 'DESC', uscc: 'DESC' }, take: first + 1 });
    return { nodes: rows.slice(0, first), hasNextPage: rows.length > first };
  }

  @FieldResolver(() => Int)
  patentsCount(@Root() tenant: Tenant, @Ctx() { patentCounts }: Context): Promise<number> {
    return patentCounts.load(tenant.uscc);
  }
}

@Resolver(() => Investment)
class InvestmentResolver {
  @Query(() => [Investment])
  investments(@Arg('fund', () => String) fundCode: string, @Arg('first', () => Int) first: number, @Info() info: GraphQLResolveInfo): Promise<Investment[]> {
    return source.getRepository(Investment).find({ where: { fundCode }, order: { number: 'ASC' }, take: first, ...find(info) });
  }

  @Query(() => [Investment])
  investment(@Arg('number', () => String) number: string, @Info() info: GraphQLResolveInfo): Promise<Investment[]> {
    return source.getRepository(Investment).find({ where: { number }, ...find(info) });
  }
}

@Resolver(() => Loan)
class LoanResolver {
  @Query(() => [Loan])
  loans(@Arg('bank', () => String) bankCode: string, @Arg('first', () => Int) first: number, @Info() info: GraphQLResolveInfo): Promise<Loan[]> {
    return source.getRepository(Loan).find({ where: { bankCode }, order: { number: 'ASC' }, take: first, ...find(info) });
  }

  @Query(() => [LoanTotals])
  async loanTotals(@Arg('bank', () => String) bankCode: string): Promise<LoanTotals[]> {
    const rows = await source
      .getRepository(Loan)
      .createQueryBuilder('loan')
      .select('loan.classification', 'classification')
      .addSelect('loan.status', 'status')
      .addSelect('COUNT(*)::int', 'count')
      .addSelect('SUM(loan.amount)', 'amount')
      .addSelect('SUM(loan.balance)', 'balance')
      .where('loan.bankCode = :bankCode', { bankCode })
      .groupBy('loan.classification')
      .addGroupBy('loan.status')
      .orderBy('loan.classification')
      .addOrderBy('loan.status')
      .getRawMany<LoanTotals>();
    return rows;
  }
}

/** How many patents each tenant has, for all tenants of one operation at once. */
function countPatents(): DataLoader<string, number> {
  return new DataLoader(async (usccs) => {
    const rows = await source
      .getRepository(Patent)
      .createQueryBuilder('patent')
      .select('patent.tenantUscc', 'uscc')
      .addSelect('COUNT(*)::int', 'count')
      .where({ tenantUscc: In([...usccs]) })
      .groupBy('patent.tenantUscc')
      .getRawMany<{ uscc: string; count: number }>();
    const counts = new Map(rows.map(({ uscc, count }) => [uscc, count]));
    return usccs.map((uscc) => counts.get(uscc) ?? 0);
  });
}

await source.initialize();
const schema = await buildSchema({ resolvers: [TenantResolver, InvestmentResolver, LoanResolver], validate: false });
const apollo = new ApolloServer<Context>({ schema, plugins: [ApolloServerPluginCacheControlDisabled()] });
await apollo.start();
const app = createFastify();
app.post('/graphql', fastifyApolloHandler(apollo, { context: async () => ({ patentCounts: countPatents() }) }));
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/graphql`);
