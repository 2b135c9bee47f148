/**
 * What Stryker leaves alone, as a plugin of Stryker. Narrow on purpose: a whole file or function is never left out.
 *
 * - A sentence: a string with a blank between two words. Names, codes and kinds, which decide, have none. A text put together
 *   from more than names (`${a ?? ''}`) is not left out, and what stands in it never is.
 * - In the table of codes the columns that say what a code means in words, and where that is written.
 */
interface Node {
  readonly type: string;
}
interface Path {
  readonly node: Node;
  readonly key?: string | number | null;
  readonly listKey?: string | null;
  readonly parentPath?: Path | null;
}

const SENTENCE = /\S \S/;
const FIRST_COLUMN_OF_WORDS = 3;
const LAST_COLUMN_OF_WORDS = 5;

export function reasonToIgnore(path: Path): string | undefined {
  if (isSentence(path.node)) return 'prose';
  if (isWordsOfCode(path)) return 'meaning of a code, in words';
  return undefined;
}

function isSentence(node: Node): boolean {
  if (node.type === 'StringLiteral') return SENTENCE.test((node as Node & { readonly value: string }).value);
  if (node.type !== 'TemplateLiteral') return false;
  const { quasis, expressions } = node as Node & {
    readonly quasis: readonly { readonly value: { readonly raw: string } }[];
    readonly expressions: readonly Node[];
  };
  return quasis.some(({ value }) => SENTENCE.test(value.raw)) && expressions.every(isName);
}

function isName({ type }: Node): boolean {
  return type === 'Identifier' || type === 'MemberExpression';
}

/** A cell of a row, which is an array in an array: `['40004', '*', business, '业务处理失败', …]`. */
function isWordsOfCode({ node, key, listKey, parentPath }: Path): boolean {
  return (
    node.type === 'StringLiteral' &&
    listKey === 'elements' &&
    typeof key === 'number' &&
    key >= FIRST_COLUMN_OF_WORDS &&
    key <= LAST_COLUMN_OF_WORDS &&
    parentPath?.listKey === 'elements' &&
    parentPath.parentPath?.node.type === 'ArrayExpression'
  );
}

/** As Stryker loads it; its `declareValuePlugin` makes the same object. */
export const strykerPlugins: readonly object[] = [
  { kind: 'Ignore', name: 'prose', value: { shouldIgnore: reasonToIgnore } },
];
