import { Attribute, Link } from '../definition.js';
import { Book, Sourced } from '../sourced.js';
import { Tenant } from './tenant.js';

/** What a tenant states of its product, kept as a claim. */
@Book({
  room: 'tenancy',
  plural: 'productClaims',
  scope: 'OPERATING',
  description: 'What a tenant states of its product; a claim, not a measurement of the park. 产品指标（企业自述）',
})
export class ProductClaim extends Sourced {
  @Attribute('uscc', { description: 'USCC of the tenant. 企业统一社会信用代码', filter: true })
  tenantUscc!: string;

  @Attribute('text', { description: 'Product. 产品', filter: true, order: true })
  product!: string;

  @Attribute('text', { description: 'What is measured, in English lower camel case ("lineSpeed"). 指标', filter: true, order: true, length: 40 })
  measure!: string;

  @Attribute('decimal', { description: 'The value, or the lower end of a range. 数值（下限）', filter: true, order: true })
  low!: bigint;

  @Attribute('decimal', { description: 'The upper end of a range. 上限', nullable: true, filter: true, order: true })
  high!: bigint | null;

  @Attribute('text', { description: 'Unit. 单位', filter: true, length: 20 })
  unit!: string;

  @Link(() => Tenant, {
    from: 'tenantUscc',
    required: true,
    description: 'Who states it. 企业',
    inverse: { name: 'productClaims', description: 'What it states of its products. 产品指标' },
  })
  tenant?: Tenant;
}
