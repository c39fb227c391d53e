import { Field, ID, ObjectType } from 'type-graphql';
import { DateScalar, DateTimeScalar, UsccScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';
import { Scope } from '../scope.js';

export const AuthorizationPurpose = defineEnum('AuthorizationPurpose', 'What the data may be used for. 授权用途', {
  BEFORE_LENDING: 'Before lending. 贷前调查',
  DURING_LENDING: 'During lending. 贷中审查',
  AFTER_LENDING: 'After lending. 贷后管理',
  DUE_DILIGENCE: 'Due diligence of an investor. 尽职调查',
  PORTFOLIO_MONITORING: 'Monitoring of a portfolio. 投后管理',
});

export const AuthorizationState = defineEnum('AuthorizationState', 'State of an authorization. 授权状态', {
  AWAITING: 'Asked for; the company has not answered. 待授权',
  AUTHORISED: 'The company consented. 已授权',
  REVOKED: 'The company took it back, or refused. 已撤销',
  EXPIRED: 'Its last day is over. 已过期',
});

export const AuthorizationActor = defineEnum('AuthorizationActor', 'Who acted. 操作主体', {
  TENANT: 'The company. 企业',
  BANK: 'A bank. 银行',
  INVESTOR: 'An investor. 投资机构',
  PARK: 'The park. 园区',
  PAPER: "An operator of the park, on the company's signed paper. 园区代录（纸质授权书）",
});

/** Who did something to an authorization, and when. */
@ObjectType({ description: 'Who did something to an authorization, and when. 授权操作' })
export class AuthorizationAct {
  @Field(() => String, { description: 'The name of who did it. 操作人' })
  by!: string;

  @Field(() => AuthorizationActor.object, { description: 'For whom. 操作主体' })
  kind!: string;

  @Field(() => DateTimeScalar, { description: 'When. 操作时间' })
  at!: string;
}

/** A company's consent that a partner reads named data of it for a purpose. */
@ObjectType({ description: "A company's dated, revocable consent that a partner reads named data of it for a purpose. 授权" })
export class Authorization {
  @Field(() => ID, { description: 'Its number. 编号' })
  id!: string;

  @Field(() => UsccScalar, { description: 'USCC of the company. 统一社会信用代码' })
  tenantUscc!: string;

  @Field(() => String, { description: 'The id of the source whose people may read; "park" for the park itself. 被授权方' })
  grantee!: string;

  @Field(() => [Scope.object], { description: 'What may be read. 授权范围' })
  scopes!: string[];

  @Field(() => AuthorizationPurpose.object, { description: 'What for. 授权用途' })
  purpose!: string;

  @Field(() => DateScalar, { description: 'The first day. 生效日' })
  validFrom!: string;

  @Field(() => DateScalar, { description: 'The last day. 截止日' })
  validTo!: string;

  @Field(() => AuthorizationState.object, { description: 'Its state today. 状态' })
  state!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the signed document; null until it is granted. 授权书哈希' })
  documentHash!: string | null;

  @Field(() => AuthorizationAct, { nullable: true, description: 'The ask; null where the company granted without one. 申请' })
  requested!: AuthorizationAct | null;

  @Field(() => AuthorizationAct, { nullable: true, description: 'The grant. 授权' })
  granted!: AuthorizationAct | null;

  @Field(() => AuthorizationAct, { nullable: true, description: 'The revocation. 撤销' })
  revoked!: AuthorizationAct | null;
}
