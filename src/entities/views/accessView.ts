import { Field, InputType, ObjectType } from 'type-graphql';
import { UsccScalar } from '../../schema/scalars.js';
import { defineEnum } from '../enums.js';
import { Scope } from '../scope.js';

export const ViewerKind = defineEnum('ViewerKind', 'Who asks. 访问者类型', {
  PUBLIC: 'Anyone. 公众',
  TENANT: 'A company of the park; uscc says which. 入驻企业',
  INVESTOR: 'A partner investor; sourceId says which, funds which of its funds it is limited to. 投资机构',
  BANK: 'An officer of a partner bank; sourceId says which. 银行',
  PARK: 'The staff of the park; role says in which role. 园区人员',
  SERVICE: 'The account of a source; sourceId says which. 数据源服务账号',
});

export const ParkRole = defineEnum('ParkRole', 'A role of the staff of the park. 园区角色', {
  ANALYST: 'Reads. 分析',
  OPERATOR: 'Looks after sources, and says who companies are. 运营',
  ADMIN: 'As the operator; looks after tokens, and sees who sees what. 管理',
});

export const RowsSeen = defineEnum('RowsSeen', 'Which rows of a book a viewer sees. 可见记录', {
  EVERY_ROW: 'Every row. 全部',
  GRANTED_PATENTS: 'Patents that are granted. 已授权专利',
  ROWS_OF_THE_REGISTER: "Rows of the park's own register. 园区登记",
  ROWS_OF_ITS_OWN_BOOK: 'Rows of its own book. 自有账簿',
  ROW_OF_ITSELF: 'The row that is itself. 自身',
  ROWS_ABOUT_ITSELF: 'Rows about itself. 与自身有关',
  ROWS_ABOUT_WHO_AUTHORISED_IT: 'Rows about tenants that authorised it. 经授权',
});

export const HiddenBecause = defineEnum('HiddenBecause', 'Why a field is hidden. 不可见原因', {
  NOT_PUBLIC: 'It is not public, and no authorization opens it to this viewer. 未公开',
  NOT_AUTHORISED: "The tenant's authorization for the scope would open it. 未经授权",
});

/** A viewer, as a question names it. */
@InputType('ViewerInput', { description: 'A viewer. 访问者' })
export class ViewerInput {
  @Field(() => ViewerKind.object, { description: 'Its kind. 类型' })
  kind!: string;

  @Field(() => UsccScalar, { nullable: true, description: 'Of a tenant: its USCC. 统一社会信用代码' })
  uscc?: string | null;

  @Field(() => String, { nullable: true, description: 'Of an investor, a bank or a service: the id of its source. 来源标识' })
  sourceId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Of an investor: the codes of the funds that it is limited to; all unless told. 基金编号' })
  funds?: string[] | null;

  @Field(() => ParkRole.object, { nullable: true, description: 'Of the staff of the park: the role. 角色' })
  role?: string | null;
}

/** Who asks. */
@ObjectType('Viewer', { description: 'Who asks. 当前访问者' })
export class ViewerView {
  @Field(() => ViewerKind.object, { description: 'Its kind. 类型' })
  kind!: string;

  @Field(() => String, { description: 'Its name, as the trace of reads has it. 名称' })
  name!: string;

  @Field(() => UsccScalar, { nullable: true, description: 'Of a tenant: its USCC. 统一社会信用代码' })
  uscc!: string | null;

  @Field(() => String, { nullable: true, description: 'Of an investor, a bank or a service: the id of its source. 来源标识' })
  sourceId!: string | null;

  @Field(() => [String], { nullable: true, description: 'Of an investor: the codes of the funds that it is limited to; null where it sees all. 基金编号' })
  funds!: string[] | null;

  @Field(() => ParkRole.object, { nullable: true, description: 'Of the staff of the park: the role. 角色' })
  role!: string | null;
}

/** Rows that a viewer sees, and what of them. */
@ObjectType({ description: 'Rows that a viewer sees, and what of them. A row shows what all that name it give. 可见记录与字段' })
export class RowsSeenView {
  @Field(() => RowsSeen.object, { description: 'Which rows. 记录' })
  rows!: string;

  @Field(() => Scope.object, { nullable: true, description: 'The scope of the authorizations that open them, where they do. 授权范围' })
  scope!: string | null;

  @Field(() => [String], { nullable: true, description: 'USCCs of the tenants whose authorizations open them, where they do. 授权企业' })
  tenants!: string[] | null;

  @Field(() => [String], { description: 'The fields that are shown. 可见字段' })
  fields!: string[];
}

/** A field that a viewer sees in no row. */
@ObjectType({ description: 'A field that a viewer sees in no row. 不可见字段' })
export class HiddenFieldView {
  @Field(() => String, { description: 'The field. 字段' })
  field!: string;

  @Field(() => HiddenBecause.object, { description: 'Why. 原因' })
  reason!: string;

  @Field(() => Scope.object, { nullable: true, description: 'The scope that would open it. 授权范围' })
  scope!: string | null;
}

/** What a viewer sees of one book of one source. */
@ObjectType({ description: 'What a viewer sees of one book of one source. 账簿可见范围' })
export class BookSeenView {
  @Field(() => String, { description: 'The entity. 实体' })
  entity!: string;

  @Field(() => String, { description: 'The id of the source. 来源标识' })
  sourceId!: string;

  @Field(() => [RowsSeenView], { description: 'The rows that it sees, and what of them; empty where it sees none. 可见记录' })
  rows!: RowsSeenView[];

  @Field(() => [HiddenFieldView], { description: 'The fields that it sees in no row. 不可见字段' })
  hidden!: HiddenFieldView[];
}
