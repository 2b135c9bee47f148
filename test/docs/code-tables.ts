/** The tables of Alipay's codes in docs/errors.md, made from `alipay/codes.ts` and from what the rules do next. */
import { CODES, type CodeRow } from '../../alipay/codes.ts';
import type { TradeInterfaceName } from '../../alipay/trade-interfaces.ts';
import { whatFollowsRow } from './what-follows.ts';

export const ERRORS_DOCUMENT = 'docs/errors.md';

/** The document with its tables of codes, which are its end, as the code has them now. */
export function withCodeTables(document: string): string {
  const at = document.indexOf(`### ${SECTIONS[0]}\n`);
  if (at < 0) throw new Error(`${ERRORS_DOCUMENT} has no heading ${SECTIONS[0]}: where do the tables begin?`);
  return document.slice(0, at) + SECTIONS.map(sectionText).join('\n');
}

const SECTIONS = [
  'The gateway itself',
  'Any interface, and several',
  'Query and refund query',
  'Cancel',
  'Refund',
  'Close',
  'Pay and precreate',
] as const;
type Section = (typeof SECTIONS)[number];

const HEADER: readonly string[] = ['Code', 'sub_code', 'Interfaces', 'Class', '官方含义', 'Meaning', 'What follows'];

function sectionText(section: Section): string {
  const rows = CODES.filter((row) => sectionOf(row) === section).map(cellsOf);
  const lines = [HEADER, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${section}`, '', lines[0], `|${'---|'.repeat(HEADER.length)}`, ...lines.slice(1), ''].join('\n');
}

function sectionOf({ code, interfaces }: CodeRow): Section {
  if (interfaces.length === 0) {
    return code === '40004' || code === '*' ? 'Any interface, and several' : 'The gateway itself';
  }
  const isOnlyOf = (...names: readonly TradeInterfaceName[]): boolean =>
    interfaces.every((name) => names.includes(name));
  if (isOnlyOf('query', 'queryRefund')) return 'Query and refund query';
  if (isOnlyOf('cancel')) return 'Cancel';
  if (isOnlyOf('close')) return 'Close';
  if (isOnlyOf('pay', 'precreate')) return 'Pay and precreate';
  // Where nothing else that a resolution calls answers it.
  return isOnlyOf('refund', 'close', 'pay', 'precreate') ? 'Refund' : 'Any interface, and several';
}

function cellsOf(row: CodeRow): readonly string[] {
  const interfaces = row.interfaces.length === 0 ? 'any' : row.interfaces.join(', ');
  const names = [inCode(row.code), inCode(row.subCode), interfaces, inCode(row.failure)];
  return [...names, row.chinese, row.english, whatFollowsRow(row)];
}

function inCode(text: string): string {
  return `\`${text}\``;
}
