/** Prizes that tenants won; but for 广兴科技 made up. */
import { GUANGXING } from './article.js';
import { type Company, companyNamed } from './companies.js';
import { Random } from './random.js';

/** A row of awards.csv, without its key. */
export interface AwardRow {
  readonly tenantUscc: string;
  readonly competition: string;
  readonly prize: string;
  readonly year: number;
}

/** The article's award, and some in a competition of the park that is made up. */
export function makeAwards(companies: readonly Company[]): AwardRow[] {
  const random = new Random('xinxiang/awards');
  const rows: AwardRow[] = [{ tenantUscc: companyNamed(companies, GUANGXING).uscc, competition: '第十届中国创新创业大赛', prize: '新乡市优秀奖', year: 2021 }];
  for (const [year, name] of [
    [2019, '第一届创客小镇项目路演（示例）'],
    [2020, '第二届创客小镇项目路演（示例）'],
    [2021, '第三届创客小镇项目路演（示例）'],
  ] as const) {
    const present = random.shuffled(
      companies.filter((company) => company.status === 'IN_PARK' && company.techSmeYears.includes(year) && company.name !== GUANGXING),
    );
    for (const prize of ['一等奖', '二等奖', '三等奖']) rows.push({ tenantUscc: (present.pop() as Company).uscc, competition: name, prize, year });
  }
  return rows;
}
