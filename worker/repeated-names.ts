/** Names that stand twice in one JSON object: the parser keeps the last one silently, and a merchant, or a field of one, would be lost. */
import { scanMembers } from '../alipay/member-scanner.ts';

/** `merchants.default`, `merchants.default.appId`; as written, with every object looked into. `bytes` is JSON in UTF-8. */
export function repeatedNames(bytes: Uint8Array): readonly string[] {
  return repeatedIn(bytes, []);
}

function repeatedIn(bytes: Uint8Array, above: readonly string[]): readonly string[] {
  if (above.length > DEPTH_MAX) return [];
  const members = scanMembers(bytes, 'utf-8')?.members ?? [];
  const names = members.map(({ name }) => name);
  const here = names.filter((name, at) => names.indexOf(name) !== at).map((name) => [...above, name].join('.'));
  const below = members.flatMap(({ name, start, end }) => repeatedIn(bytes.subarray(start, end), [...above, name]));
  return [...new Set([...here, ...below])];
}

/** A merchants file has three levels. */
const DEPTH_MAX = 3;
