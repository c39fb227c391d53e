/** What tenants let partners read before the demonstration begins, and the papers that they signed for it. All made up. */
import { type Purpose, SCOPES, type Scope } from '../../src/rules/authorization.js';
import { compareText } from '../../src/values/text.js';
import { addDays, later, pad } from './calendar.js';
import { type Company, companyNamed } from './companies.js';
import type { World } from './world.js';

/** An authorization and the days on which something happened to it. */
interface AuthorizationRow {
  readonly company: Company;
  readonly grantee: string;
  readonly scopes: readonly Scope[];
  readonly purpose: Purpose;
  readonly from: string;
  readonly to: string;
  readonly requested: string | null;
  readonly granted: string | null;
  readonly revoked: string | null;
}

/** The folder in the park's own. */
export const AUTHORIZATIONS = 'authorizations';

/** Whoever starts the demonstration, in whatever year, finds in force what is said to be: long after the day at which its rows stand still. */
const LAST_DAY = '2035-12-31';
/** The company of the README's query. */
const FIRST = '新乡百都医疗器械有限公司';

/** Of some of whom two books state a fact differently: the park's staff is to find it. */
const OPEN_TO_THE_PARK = ['新乡市智勤复合材料科技有限公司', '新乡市信海软件科技有限公司', '新乡市乐朗机械科技有限公司', '新乡市润航数控科技有限公司'];

const SCOPE_NAMES: Readonly<Record<Scope, string>> = {
  IDENTITY: '主体信息',
  OPERATING: '经营信息',
  INTELLECTUAL_PROPERTY: '知识产权信息',
  FINANCING: '股权融资信息',
  CREDIT: '信贷信息',
};
const PURPOSE_NAMES: Readonly<Record<Purpose, string>> = {
  BEFORE_LENDING: '贷前调查',
  DURING_LENDING: '贷中审查',
  AFTER_LENDING: '贷后管理',
  DUE_DILIGENCE: '尽职调查',
  PORTFOLIO_MONITORING: '投后管理',
};
const GRANTEE_NAMES: Readonly<Record<string, string>> = {
  park: '新乡·创客小镇',
  icbc: '工商银行',
  bocom: '交通银行',
  spdb: '浦发银行',
  huakai: '联创华凯',
  hongtu: '红土创新',
  huayu: '华誉齐贤',
};

/** The files by name: the list, and a text for each paper that was signed. */
export function authorizationFiles(world: World): Map<string, string> {
  const files = new Map<string, string>();
  const entries = makeAuthorizations(world).map((row, index) => {
    const paper = row.granted === null ? undefined : `授权书_${pad(index + 1, 2)}.txt`;
    if (paper !== undefined) files.set(paper, paperText(row, row.granted as string));
    return entryText(row, paper);
  });
  return new Map([['authorizations.yml', `${HEAD}${entries.join('')}`], ...files]);
}

function makeAuthorizations({ companies, banks, investors }: World): AuthorizationRow[] {
  const first = companyNamed(companies, FIRST);
  const others = (held: readonly { readonly company: Company }[]): Company[] =>
    [...new Set(held.map(({ company }) => company))]
      .filter((company) => company !== first && company.status === 'IN_PARK')
      .sort((a, b) => compareText(a.uscc, b.uscc));
  const borrowers = (bank: keyof typeof banks): Company[] => others(banks[bank].loans.filter(({ status }) => status === 'ACTIVE' || status === 'OVERDUE'));
  const [pledged] = borrowers('spdb') as [Company];
  const [exited] = investors.huakai.investments.filter(({ status }) => status === 'PARTLY_EXITED') as [(typeof investors.huakai.investments)[number]];
  const [asked] = borrowers('bocom') as [Company];
  return [
    given(first, 'icbc', ['OPERATING', 'CREDIT'], 'BEFORE_LENDING', '2021-02-22'),
    given(first, 'hongtu', ['OPERATING'], 'PORTFOLIO_MONITORING', '2021-01-18'),
    awaiting(first, 'hongtu', ['FINANCING'], 'DUE_DILIGENCE', '2021-12-20'),
    given(first, 'park', ['FINANCING'], 'DUE_DILIGENCE', '2021-06-07'),
    // Some of a partner's companies let it see more than others do.
    ...borrowers('icbc').flatMap((company, index) =>
      index % 3 === 2 ? [] : [given(company, 'icbc', index % 2 === 0 ? ['OPERATING', 'FINANCING'] : ['OPERATING'], 'DURING_LENDING', sinceEntry(company))],
    ),
    ...others(investors.hongtu.investments).flatMap((company, index) =>
      index % 3 === 2 ? [] : [given(company, 'hongtu', index % 2 === 0 ? ['OPERATING', 'CREDIT'] : ['OPERATING'], 'PORTFOLIO_MONITORING', sinceEntry(company))],
    ),
    ...OPEN_TO_THE_PARK.map((name) => {
      const company = companyNamed(companies, name);
      return given(company, 'park', ['FINANCING', 'CREDIT'], 'DUE_DILIGENCE', sinceEntry(company));
    }),
    ...others(investors.huakai.investments).flatMap((company, index) =>
      index % 2 === 0 && !OPEN_TO_THE_PARK.includes(company.name) ? [given(company, 'park', ['FINANCING'], 'DUE_DILIGENCE', sinceEntry(company))] : [],
    ),
    awaiting(asked, 'bocom', ['OPERATING', 'CREDIT'], 'BEFORE_LENDING', '2021-12-27'),
    { ...given(pledged, 'spdb', ['INTELLECTUAL_PROPERTY', 'CREDIT'], 'AFTER_LENDING', '2021-03-15'), revoked: '2021-11-30' },
    { ...given(exited.company, 'huakai', ['OPERATING', 'FINANCING'], 'DUE_DILIGENCE', '2017-07-03'), to: '2018-06-30' },
  ];
}

function awaiting(company: Company, grantee: string, scopes: readonly Scope[], purpose: Purpose, requested: string): AuthorizationRow {
  return { company, grantee, scopes, purpose, from: requested, to: LAST_DAY, requested, granted: null, revoked: null };
}

/** Asked for a week before it was granted, and in force from then on. */
function given(company: Company, grantee: string, scopes: readonly Scope[], purpose: Purpose, granted: string): AuthorizationRow {
  const requested = addDays(granted, -7);
  return { ...awaiting(company, grantee, scopes, purpose, requested), from: granted, granted };
}

function sinceEntry({ enteredOn }: Company): string {
  return later('2020-03-02', addDays(enteredOn, 30));
}

const HEAD = `# What tenants let partners read before the demonstration begins: \`parkhub serve\` records it once. Made up, as the papers beside it.
# 演示开始之前企业已作出的授权，由 \`parkhub serve\` 登记一次。与旁边的授权书一样，均为虚构。
`;

function entryText({ company, grantee, scopes, purpose, from, to, requested, granted, revoked }: AuthorizationRow, paper: string | undefined): string {
  const fields: [string, string | null | undefined][] = [
    ['tenantUscc', `"${company.uscc}" # ${company.name}`],
    ['grantee', grantee],
    ['scopes', `[${SCOPES.filter((scope) => scopes.includes(scope)).join(', ')}]`],
    ['purpose', purpose],
    ['validFrom', `"${from}"`],
    ['validTo', `"${to}"`],
    ['requested', requested && `"${requested}"`],
    ['granted', granted && `"${granted}"`],
    ['document', paper],
    ['revoked', revoked && `"${revoked}"`],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
  return `- ${lines.join('\n  ')}\n`;
}

function paperText({ company, grantee, scopes, purpose, from, to }: AuthorizationRow, granted: string): string {
  const listed = SCOPES.filter((scope) => scopes.includes(scope));
  return [
    '信息查询授权书（演示用，全部内容均为虚构）',
    '',
    `授权人：${company.name}（统一社会信用代码 ${company.uscc}）`,
    `被授权人：${GRANTEE_NAMES[grantee]}`,
    `授权范围：${listed.map((scope) => SCOPE_NAMES[scope]).join('、')}`,
    `授权用途：${PURPOSE_NAMES[purpose]}`,
    `授权期限：自 ${from} 起至 ${to} 止`,
    '',
    '授权人同意被授权人在上述期限内、仅为上述用途查询上述信息。未经授权人另行书面同意，被授权人不得向任何第三方提供所查询的信息。',
    '授权人可随时撤销本授权；自撤销之时起，被授权人不得再据此查询。',
    '',
    `签署日期：${granted}`,
    '（此处无真实签章。）',
    '',
  ].join('\n');
}
