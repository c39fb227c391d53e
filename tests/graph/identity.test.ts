import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/commandLine.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { registrationNumber, uscc, writeDrop, writeRegister } from '../helpers/identityPark.js';

describe('first', () => {
  it('works', async () => {
    const folder = temporaryFolder();
    writeRegister(folder.path);
    writeDrop(folder.path, 'drop', [
      ['A', '新乡市百都医疗器械有限责任公司', registrationNumber(1), 10],
      ['B', '新乡市百都医疗器械有限责任公司', registrationNumber(1), 20],
      ['C', '新乡田园合作有限公司', '', 40],
      ['D', '', '', 80],
    ]);
    const test = await openTestHub({ parkFolder: folder.path });
    const data = await test.ask(
      '{ openCompanies { totalCount nodes { id name registrationNumber rows candidates { uscc score grounds matchedName tied tenant { name } } } sources { sourceId state asOf } } loans { totals { count } nodes { number tenantUscc tenant { name } } } }',
    );
    console.log(JSON.stringify(data, null, 1));
    const [company] = data.openCompanies.nodes;
    console.log(
      JSON.stringify(
        await test.ask(`mutation { acceptAlias(company: "${company.id}", uscc: "${uscc(1)}", by: "王敏") { id by at score grounds tenant { name } inForce } }`),
      ),
    );
    console.log(
      JSON.stringify(
        await test.ask(
          '{ loans { totals { count } nodes { number tenantUscc tenant { name } } } tenants { nodes { name loans { totalCount nodes { number } } } } aliasDecisions { nodes { id by } pageInfo { hasNextPage } } }',
        ),
        null,
        1,
      ),
    );
    await test.close();
    folder.remove();
  });
});
