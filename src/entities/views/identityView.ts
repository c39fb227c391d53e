import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, DecimalScalar, UsccScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';

export const IdentityGround = defineEnum('IdentityGround', 'What speaks for, or against, a company being a tenant. 匹配依据', {
  SAME_REGISTRATION_NUMBER: 'The same registration number. 注册号相同',
  OTHER_REGISTRATION_NUMBER: 'Both have a registration number, and not the same: this speaks against it. 注册号不同',
  SAME_NAME: 'The registered name. 企业名称相同',
  SAME_FORMER_NAME: 'A former name. 曾用名相同',
  SAME_NORMALISED_NAME: 'The registered name, but for width, brackets, blanks or 有限责任公司 for 有限公司. 名称规范化后相同',
  SAME_NORMALISED_FORMER_NAME: 'A former name, but for the same. 曾用名规范化后相同',
  SAME_CORE_NAME: 'The registered name without place and legal form. 名称主干相同',
  SAME_CORE_FORMER_NAME: 'A former name without place and legal form. 曾用名主干相同',
  SIMILAR_NAME: 'A name like the registered one. 名称相近',
  SIMILAR_FORMER_NAME: 'A name like a former one. 曾用名相近',
});

export const AliasVerdict = defineEnum('AliasVerdict', 'What an officer said. 认定结论', {
  ACCEPTED: 'It is the tenant. 认定为该企业',
  REJECTED: 'It is not the tenant, and is not proposed again. 认定为非该企业',
});

/** A tenant that a company may be. */
@ObjectType({ description: 'A tenant that a company may be. Nothing is joined before an officer accepts it. 候选企业' })
export class IdentityCandidate {
  @Field(() => UsccScalar, { description: 'USCC of the tenant. 统一社会信用代码' })
  uscc!: string;

  @Field(() => DecimalScalar, { description: 'How much speaks for it, 0 to 1; docs/identity.md has the rule. 匹配度' })
  score!: bigint;

  @Field(() => [IdentityGround.object], { description: 'What the score is made of. 匹配依据' })
  grounds!: string[];

  @Field(() => String, { nullable: true, description: "The tenant's name, registered or former, that is most like the one given. 匹配到的名称" })
  matchedName!: string | null;

  @Field(() => Boolean, { description: 'Another tenant has the same score. 是否并列' })
  tied!: boolean;
}

/** A company that a source names without a USCC, and that nobody has identified. */
@ObjectType({ description: 'A company that a source names without a USCC, and that nobody has identified. 待认定企业' })
export class OpenCompany {
  @Field(() => ID, { description: 'The id by which it is accepted or rejected. 标识' })
  id!: string;

  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => String, { nullable: true, description: 'Its name, as the source gives it. 来源所用名称' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'Its registration number, as the source gives it. 来源所用注册号' })
  registrationNumber!: string | null;

  @Field(() => Int, { description: 'Rows that name it so. 记录数' })
  rows!: number;

  @Field(() => [IdentityCandidate], { description: 'Tenants that it may be, the likeliest first; at most ten. 候选企业' })
  candidates!: IdentityCandidate[];

  @Field(() => [UsccScalar], { description: 'USCCs of tenants that an officer has said it is not. 已排除企业' })
  rejected!: string[];
}

/** A decision on who a company is. */
@ObjectType({ description: 'A decision on who a company is that a source names without a USCC. Each is kept for ever. 企业身份认定' })
export class AliasDecision {
  @Field(() => ID, { description: 'Its number. 编号' })
  id!: string;

  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => String, { nullable: true, description: 'The name that the source gives the company. 来源所用名称' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'The registration number that the source gives. 来源所用注册号' })
  registrationNumber!: string | null;

  @Field(() => UsccScalar, { description: 'USCC of the tenant that it is, or is not. 统一社会信用代码' })
  tenantUscc!: string;

  @Field(() => AliasVerdict.object, { description: 'What was said. 认定结论' })
  verdict!: string;

  @Field(() => String, { description: 'Who said so. 认定人' })
  by!: string;

  @Field(() => DateTimeScalar, { description: 'When. 认定时间' })
  at!: string;

  @Field(() => DecimalScalar, { description: 'How much spoke for it then, 0 to 1. 当时匹配度' })
  score!: bigint;

  @Field(() => [IdentityGround.object], { description: 'What the score was made of. 当时匹配依据' })
  grounds!: string[];

  @Field(() => Boolean, { description: 'It was not withdrawn. 是否有效' })
  inForce!: boolean;

  @Field(() => String, { nullable: true, description: 'Who withdrew it. 撤销人' })
  withdrawnBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was withdrawn. 撤销时间' })
  withdrawnAt!: string | null;
}
