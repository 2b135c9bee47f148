/**
 * Every hostile answer that the gateway client is shown, and what each is worth. All but a few claim that the trade is paid: what
 * is believed of them would complete a sale.
 *
 * The trade asked for is T1, by both numbers. `PAID` is what nobody has signed, `WAITING` what Alipay has.
 */
import { constants, createSign, sign as signWith } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { sign } from '../../alipay/signature.ts';
import type { FailureClass } from '../../contract/failure-class.ts';
import { signedAnswer, unsignedAnswer } from '../gateway/loopback-gateway.ts';
import { ALIPAY, APP, rsaPair } from '../gateway/test-keys.ts';
import type { Script } from './hostile-gateway.ts';
import { answer, bytesAndEnd, bytesAndSilence, flood, status, trickle } from './scripts.ts';

export interface HostileAnswer {
  readonly what: string;
  /** How the client classifies it. */
  readonly worth: FailureClass;
  readonly script: Script;
  /** What the client says of it. */
  readonly detail?: RegExp;
  /** It ends by the client's deadline alone. */
  readonly waits?: true;
  /**
   * It has no end within reason, and as much of it is sent as is taken. `cut`: the client stops taking it. `read`: undici takes it until
   * the deadline, and keeps none of it.
   */
  readonly endless?: 'cut' | 'read';
}

export const TRADE = { outTradeNo: 'T1', tradeNo: '2026112422001494891000009752' } as const;
const METHOD = 'alipay.trade.query';
const NAME = 'alipay_trade_query_response';
const OURS = {
  code: '10000',
  msg: 'Success',
  out_trade_no: TRADE.outTradeNo,
  trade_no: TRADE.tradeNo,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '88.88',
};
const PAID = JSON.stringify(OURS);
const WAITING = PAID.replace('TRADE_SUCCESS', 'WAIT_BUYER_PAY');
const SIGN = sign(WAITING, ALIPAY.privateKey);
/** What Alipay itself would say: signed, and not paid. */
export const HONEST: string = `{"${NAME}":${WAITING},"sign":"${SIGN}"}`;
const STRANGER = rsaPair();
const PSS = { key: ALIPAY.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };

function paidWith(signature: string): Script {
  return answer(`{"${NAME}":${PAID},"sign":"${signature}"}`);
}
/** The honest answer with more members in front of it or after it. */
function beside(members: { readonly before?: string; readonly after?: string }): Script {
  return answer(HONEST.replace(/^\{/, `{${members.before ?? ''}`).replace(/\}$/, `${members.after ?? ''}}`));
}
function signed(node: Readonly<Record<string, unknown>> | string): Script {
  return answer(signedAnswer(METHOD, node));
}
function unsigned(node: Readonly<Record<string, unknown>> | string): Script {
  return answer(unsignedAnswer(METHOD, node));
}
function paidBut(changes: Readonly<Record<string, unknown>>): Script {
  return signed(JSON.stringify({ ...OURS, ...changes }));
}

type Row = readonly [what: string, script: Script, detail?: RegExp, extra?: Pick<HostileAnswer, 'waits' | 'endless'>];

const FORGED: readonly Row[] = [
  ['its status altered', answer(HONEST.replace('WAIT_BUYER_PAY', 'TRADE_SUCCESS')), /signature does not hold/],
  ['its amount altered', answer(HONEST.replace('88.88', '0.01'))],
  [
    'a second status in the signed node',
    answer(HONEST.replace('"trade_no"', '"trade_status":"TRADE_SUCCESS","trade_no"')),
  ],
  ['a space more in the signed node', answer(HONEST.replace('{"code"', '{ "code"'))],
  ['the same meaning in other bytes', answer(HONEST.replace('"T1"', '"\\u00541"'))],
  ['signed by the merchant’s own key', paidWith(sign(PAID, APP.privateKey))],
  ['signed by a stranger’s key', paidWith(sign(PAID, STRANGER.privateKey))],
  ['signed over other bytes', paidWith(sign(`${PAID} `, ALIPAY.privateKey))],
  ['signed over the whole body', paidWith(sign(`{"${NAME}":${PAID}}`, ALIPAY.privateKey))],
  ['signed with SHA-1', paidWith(createSign('RSA-SHA1').update(PAID).sign(ALIPAY.privateKey, 'base64'))],
  ['signed with PSS padding', paidWith(signWith('RSA-SHA256', Buffer.from(PAID), PSS).toString('base64'))],
  ['the signature of another answer', paidWith(SIGN)],
  ['a signature cut short', paidWith(sign(PAID, ALIPAY.privateKey).slice(0, 300))],
  ['a signature of zeros', paidWith(Buffer.alloc(256).toString('base64'))],
  ['a signature that is no base64', paidWith('none')],
  ['a signature that is a space', paidWith(' ')],
  ['a signature of a megabyte', answer(`{"${NAME}":${PAID},"sign":"${'A'.repeat(200_000)}"}`)],
  ['a second node after the signed one', beside({ after: `,"${NAME}":${PAID}` }), /member occurs twice/],
  ['a second node before the signed one', beside({ before: `"${NAME}":${PAID},` }), /member occurs twice/],
  [
    'a second node spelled with an escape in front',
    beside({ after: `,"\\u0061${NAME.slice(1)}":${PAID}` }),
    /plainly spelled/,
  ],
  ['a second node spelled with an escape at the end', beside({ before: `"${NAME.slice(0, -1)}\\u0065":${PAID},` })],
  ['a second node in full-width letters', beside({ after: `,"ａ${NAME.slice(1)}":${PAID}` })],
  ['a second node whose name ends in a NUL', beside({ after: `,"${NAME}\\u0000":${PAID}` })],
  ['a second node whose name ends in a bare NUL', beside({ after: `,"${NAME}\0":${PAID}` })],
  ['a second node whose name ends in a space', beside({ after: `,"${NAME} ":${PAID}` })],
  ['a second node without a name', beside({ after: `,"_response":${PAID}` }), /two response nodes/],
  ['an error node beside the signed one', beside({ after: ',"error_response":{"code":"40004"}' })],
  ['a node of another interface beside it', beside({ before: `"alipay_trade_pay_response":${PAID},` })],
  ['a second signature', beside({ after: `,"sign":"${SIGN}"` })],
  ['a second signature spelled with an escape', beside({ after: `,"s\\u0069gn":"${SIGN}"` })],
  ['a name of no length', beside({ after: `,"":${PAID}` })],
  ['two certificate numbers', beside({ after: ',"alipay_cert_sn":"a","alipay_cert_sn":"b"' })],
  ['another answer after its end', answer(`${HONEST}{"${NAME}":${PAID}}`), /bytes after the end/],
  ['another answer on the next line', answer(`${HONEST}\n{"${NAME}":${PAID},"sign":"${SIGN}"}`)],
  ['a NUL after its end', answer(`${HONEST}\0`)],
  ['a comment after its end', answer(`${HONEST}/* paid */`)],
  [
    'another interface’s, though signed',
    answer(signedAnswer('alipay.trade.close', OURS)),
    /is one of alipay_trade_close/,
  ],
  [
    'signed, in the node of a name in capitals',
    answer(`{"X_response":${PAID},"sign":"${sign(PAID, ALIPAY.privateKey)}"}`),
  ],
  ['in a node nested in the signed one', answer(HONEST.replace('"88.88"}', `"88.88","${NAME}":${PAID}}`))],
];

const UNSIGNED: readonly Row[] = [
  ['no signature', unsigned(PAID)],
  ['an empty signature', answer(`{"${NAME}":${PAID},"sign":""}`)],
  ['a signature that is null', answer(`{"${NAME}":${PAID},"sign":null}`)],
  ['a signature that is a number', answer(`{"${NAME}":${PAID},"sign":1}`)],
  ['a signature in a list', answer(`{"${NAME}":${PAID},"sign":["${sign(PAID, ALIPAY.privateKey)}"]}`)],
  ['a signature in an object', answer(`{"${NAME}":${PAID},"sign":{"sign":"${SIGN}"}}`)],
  ['a signature inside the node', unsigned({ ...OURS, sign: SIGN })],
  ['a signature under another name', answer(`{"${NAME}":${PAID},"Sign":"${SIGN}"}`)],
  ['a signature in a header alone', answer(unsignedAnswer(METHOD, PAID), [`sign: ${sign(PAID, ALIPAY.privateKey)}`])],
  ['a signature in __proto__', answer(`{"${NAME}":${PAID},"__proto__":{"sign":"${SIGN}"}}`)],
  ['there is no such trade', unsigned({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' })],
  ['a system error', unsigned({ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' })],
  ['a 20000', unsigned({ code: '20000', msg: 'Service Currently Unavailable', sub_code: 'aop.unknow-error' })],
  ['a limit', unsigned({ code: '40005', sub_code: 'isv.app-call-limited' })],
  ['missing rights by a business code', unsigned({ code: '40004', sub_code: 'ACQ.ACCESS_FORBIDDEN' })],
  ['a cancel that closed', unsigned({ code: '10000', out_trade_no: 'T1', retry_flag: 'N', action: 'close' })],
  ['ciphertext in place of the node', unsigned('"AES ciphertext"')],
  ['null in place of the node', unsigned('null')],
  ['a list in place of the node', unsigned(`[${PAID}]`)],
  ['a node that names no code', unsigned({ out_trade_no: 'T1', trade_status: 'TRADE_SUCCESS' })],
  ['a lone surrogate in the node', unsigned(PAID.replace('Success', '\\ud800'))],
  ['an empty node', unsigned('{}')],
];

/** Genuine, and not the answer to what was asked. */
const NOT_OURS: readonly Row[] = [
  ['of another out_trade_no', paidBut({ out_trade_no: 'T2' }), /its out_trade_no is not the one asked for/],
  ['of another trade_no', paidBut({ trade_no: '2027' }), /its trade_no is not the one asked for/],
  ['of a number that differs in case only', paidBut({ out_trade_no: 't1' })],
  ['of a number that differs in a space only', paidBut({ out_trade_no: 'T1 ' })],
  ['of a number that looks the same', paidBut({ out_trade_no: 'Т1' })],
  ['a refusal of another trade', signed({ code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST', out_trade_no: 'T2' })],
  ['another trade’s wrong key', signed({ code: '40002', sub_code: 'isv.invalid-signature', out_trade_no: 'T2' })],
];

/** Signed, and malformed all the same: nothing is guessed from it. */
const MALFORMED: readonly Row[] = [
  ['no status', paidBut({ trade_status: undefined }), /lacks trade_status/],
  ['no amount', paidBut({ total_amount: undefined })],
  ['no number', paidBut({ out_trade_no: undefined })],
  ['neither number', paidBut({ out_trade_no: undefined, trade_no: undefined })],
  ['an empty status', paidBut({ trade_status: '' })],
  ['a status that is null', paidBut({ trade_status: null })],
  ['a status that nobody knows', paidBut({ trade_status: 'TRADE_PENDING' }), /malformed trade_status/],
  ['a status with a space', paidBut({ trade_status: 'TRADE_SUCCESS ' })],
  ['a status in small letters', paidBut({ trade_status: 'trade_success' })],
  ['a status that is a name of Object.prototype', paidBut({ trade_status: 'constructor' })],
  [
    'a status in __proto__',
    signed(PAID.replace('"trade_status":"TRADE_SUCCESS"', '"__proto__":{"trade_status":"TRADE_SUCCESS"}')),
  ],
  ['a status in a list', paidBut({ trade_status: ['TRADE_SUCCESS'] })],
  ['a status in an object', paidBut({ trade_status: { toString: 'TRADE_SUCCESS' } })],
  ['a number that is no text', paidBut({ out_trade_no: 1 })],
  ['a number in a list', paidBut({ out_trade_no: ['T1'] })],
  ['a trade_no in digits without quotes', signed(PAID.replace(`"${TRADE.tradeNo}"`, TRADE.tradeNo))],
  ['an amount in words', paidBut({ total_amount: 'one' })],
  ['an amount with three decimals', paidBut({ total_amount: '1.000' })],
  ['a negative amount', paidBut({ total_amount: '-1.00' })],
  ['an amount in exponents', paidBut({ total_amount: 1e21 })],
  ['an amount of four hundred digits', signed(PAID.replace('"88.88"', '9'.repeat(400)))],
  ['an amount in full-width digits', paidBut({ total_amount: '８８' })],
  ['a time that is none', paidBut({ send_pay_date: '2026-02-30 00:00:00' })],
  ['a success with a failure beside it', paidBut({ sub_code: 'ACQ.SYSTEM_ERROR' })],
  ['a code that nobody knows', paidBut({ code: '30000' })],
  ['a code of another interface', paidBut({ code: '10003' })],
  ['a code that is a number', paidBut({ code: 10_000 })],
  ['a code in a list', paidBut({ code: ['10000'] })],
  ['no code', paidBut({ code: undefined })],
  ['no object', signed('"text"')],
  ['a list', signed(`[${PAID}]`)],
  ['null', signed('null')],
  ['a number', signed('10000')],
  ['an empty object', signed('{}')],
  ['a comma too many', signed(PAID.replace(/\}$/, ',}'))],
  ['single quotes', signed(PAID.replaceAll('"', "'").replaceAll("'", '"').replace('"T1"', "'T1'"))],
  [
    'in the node of errors',
    answer(HONEST.replace(WAITING, PAID).replace(SIGN, sign(PAID, ALIPAY.privateKey)).replace(NAME, 'error_response')),
  ],
];

/** No answer of the gateway at all. */
const UNREADABLE: readonly Row[] = [
  ['nothing', answer('')],
  ['a space', answer(' ')],
  ['a NUL', answer('\0')],
  ['a byte order mark', answer('\uFEFF')],
  ['two byte order marks before it', answer(`\uFEFF\uFEFF${HONEST}`)],
  ['UTF-16', answer(Buffer.from(`\uFEFF${HONEST}`, 'utf16le'))],
  ['bytes of no encoding', answer(Buffer.from([0x7b, 0x22, 0xff, 0xff, 0x22, 0x7d]))],
  ['foreign characters outside the node', answer(HONEST.replace(/\}$/, ',"x":"服"}')), /foreign characters/],
  [
    'GBK outside the node',
    answer(
      Buffer.concat([Buffer.from(HONEST.replace(/\}$/, ',"x":"')), Buffer.from('b7fe', 'hex'), Buffer.from('"}')]),
    ),
  ],
  ['HTML', answer('<html><body>502 Bad Gateway</body></html>'), /not JSON/],
  ['HTML around it', answer(`<pre>${HONEST}</pre>`)],
  ['XML', answer(`<?xml version="1.0"?><response>${PAID}</response>`)],
  ['a form', answer(`sign=${encodeURIComponent(SIGN)}&trade_status=TRADE_SUCCESS`)],
  ['a callback around it', answer(`callback(${HONEST})`)],
  ['a guard against hijacking before it', answer(`)]}',\n${HONEST}`)],
  ['a NUL before it', answer(`\0${HONEST}`)],
  ['a list around it', answer(`[${HONEST}]`)],
  ['quotes around it', answer(JSON.stringify(HONEST))],
  ['an object around it', answer(`{"data":${HONEST}}`), /no response node/],
  ['__proto__ around it', answer(`{"__proto__":${HONEST}}`)],
  ['constructor around it', answer(`{"constructor":{"prototype":${HONEST}}}`)],
  ['no node', answer(`{"sign":"${SIGN}"}`)],
  ['an empty object', answer('{}')],
  ['null', answer('null')],
  ['cut off in the name', answer(HONEST.slice(0, 20)), /cut short or malformed/],
  ['cut off in the node', answer(HONEST.slice(0, 60))],
  ['cut off after the node', answer(HONEST.slice(0, HONEST.indexOf(',"sign"')))],
  ['cut off in the signature', answer(HONEST.slice(0, -40))],
  ['cut off before the last quote', answer(HONEST.slice(0, -2))],
  ['cut off before the last brace', answer(HONEST.slice(0, -1))],
  ['cut off in an escape', answer(`{"${NAME}":{"msg":"\\`)],
  ['a key without a colon', answer(HONEST.replace('":{', '"{'))],
  ['a key without quotes', answer(HONEST.replace(`"${NAME}"`, NAME))],
  ['a comma too many', answer(HONEST.replace(/\}$/, ',}'))],
  ['brackets a hundred thousand deep', answer(`{"${NAME}":${'['.repeat(100_000)}`)],
  ['closing brackets a hundred thousand deep', answer(`{"${NAME}":${'{"a":['.repeat(30_000)}`)],
  ['compressed', answer(gzipSync(HONEST), ['Content-Encoding: gzip'])],
  [
    '100 MiB compressed to 100 KiB',
    answer(gzipSync(Buffer.alloc(100 * 1_024 * 1_024, ' ')), ['Content-Encoding: gzip']),
  ],
];

const OK = 'HTTP/1.1 200 OK\r\n';
const TOO_LARGE = /UND_ERR_RES_EXCEEDED_MAX_SIZE/;
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const BROKE_OFF = /broke off/;
const TOO_LATE = /no whole answer within/;
const WAITS = { waits: true } as const;
const CUT = { endless: 'cut' } as const;
const READ = { endless: 'read' } as const;
const PLAIN = `${OK}Content-Length: ${HONEST.length}\r\n\r\n${HONEST}`;

/** What the wire itself does; the honest answer in it is of no use then. */
const WIRE: readonly Row[] = [
  ...[
    '204 No Content',
    '205 Reset Content',
    '206 Partial Content',
    '304 Not Modified',
    '400 Bad Request',
    '401 Unauthorized',
  ]
    .concat([
      '403 Forbidden',
      '404 Not Found',
      '407 Proxy Authentication Required',
      '413 Too Large',
      '429 Too Many Requests',
    ])
    .concat([
      '500 Internal Server Error',
      '502 Bad Gateway',
      '503 Service Unavailable',
      '504 Timeout',
      '599 ?',
      '999 ?',
    ])
    .map((line): Row => [line, status(line, /^[23]0[45]/.test(line) ? '' : HONEST), /HTTP status|broke off/]),
  ...['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent'].map((line): Row => [
    `${line}, to itself`,
    status(line, HONEST, ['Location: /gateway.do']),
    /HTTP status 30\d instead of 200/,
  ]),
  ['100 Continue and no more', bytesAndSilence('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)), BROKE_OFF],
  [
    '101 Switching Protocols',
    bytesAndSilence('HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n'),
    BROKE_OFF,
  ],
  ['a connection closed at once', (wire) => wire.end(), BROKE_OFF],
  ['a connection reset at once', (wire) => wire.resetAndDestroy(), BROKE_OFF],
  ['silence', bytesAndSilence(), TOO_LATE, WAITS],
  ['silence after the head', bytesAndSilence(`${OK}Content-Length: 10\r\n\r\n`), TOO_LATE, WAITS],
  ['half an answer and the end', bytesAndEnd(PLAIN.slice(0, -100)), BROKE_OFF],
  ['half an answer and silence', bytesAndSilence(PLAIN.slice(0, -100)), TOO_LATE, WAITS],
  ['a trickle of the answer', trickle(`${OK}Content-Length: 9999\r\n\r\n${HONEST}`), TOO_LATE, WAITS],
  ['a trickle of the head', trickle(`${OK}X: `), TOO_LATE, WAITS],
  ['what is no HTTP', bytesAndEnd('garbage\r\n\r\n'), BROKE_OFF],
  ['TLS', bytesAndEnd(Buffer.from('150301000202 28'.replace(' ', ''), 'hex')), BROKE_OFF],
  ['HTTP/2', bytesAndEnd(Buffer.from('00000c04000000000000', 'hex'), HONEST), BROKE_OFF],
  ['HTTP/0.9', bytesAndEnd(HONEST), BROKE_OFF],
  ['a status in words', bytesAndEnd('HTTP/1.1 OK\r\n\r\n', HONEST), BROKE_OFF],
  ['a length that is too short', bytesAndEnd(`${OK}Content-Length: 60\r\n\r\n${HONEST}`)],
  ['a length of zero', bytesAndEnd(`${OK}Content-Length: 0\r\n\r\n${HONEST}`)],
  ['a length that is too long', bytesAndEnd(`${OK}Content-Length: 9999\r\n\r\n${HONEST}`), BROKE_OFF],
  ['a length below zero', bytesAndEnd(`${OK}Content-Length: -1\r\n\r\n${HONEST}`), BROKE_OFF],
  ['a length in words', bytesAndEnd(`${OK}Content-Length: all\r\n\r\n${HONEST}`), BROKE_OFF],
  ['a length beyond all numbers', bytesAndEnd(`${OK}Content-Length: ${'9'.repeat(40)}\r\n\r\n${HONEST}`), BROKE_OFF],
  [
    'two lengths',
    bytesAndEnd(`${OK}Content-Length: ${HONEST.length}\r\nContent-Length: 5\r\n\r\n${HONEST}`),
    BROKE_OFF,
  ],
  [
    'a length and chunks',
    bytesAndEnd(`${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${HONEST}`),
    BROKE_OFF,
  ],
  ['a chunk whose size is no number', bytesAndEnd(`${CHUNKED}zz\r\n${HONEST}\r\n0\r\n\r\n`), BROKE_OFF],
  ['a chunk whose size is beyond all numbers', bytesAndEnd(`${CHUNKED}${'f'.repeat(20)}\r\n${HONEST}`), BROKE_OFF],
  ['a chunk below zero', bytesAndEnd(`${CHUNKED}-5\r\n${HONEST}`), BROKE_OFF],
  ['a chunk that is longer than its size', bytesAndEnd(`${CHUNKED}5\r\n${HONEST}\r\n0\r\n\r\n`), BROKE_OFF],
  ['chunks without an end', bytesAndEnd(`${CHUNKED}${HONEST.length.toString(16)}\r\n${HONEST}\r\n`), BROKE_OFF],
  ['a chunk of its own beginning', bytesAndEnd(`${CHUNKED}3c\r\n${HONEST.slice(0, 60)}\r\n0\r\n\r\n`), /cut short/],
  ['a header without a colon', bytesAndEnd(`${OK}Content-Length\r\n\r\n${HONEST}`), BROKE_OFF],
  ['a header with a NUL', bytesAndEnd(`${OK}X: \0\r\nContent-Length: ${HONEST.length}\r\n\r\n${HONEST}`), BROKE_OFF],
  ['a header of a megabyte', bytesAndEnd(`${OK}X: ${'x'.repeat(1_000_000)}\r\n\r\n${HONEST}`), BROKE_OFF],
  ['ten thousand headers', bytesAndEnd(`${OK}${'X: y\r\n'.repeat(10_000)}\r\n${HONEST}`), BROKE_OFF],
  ['a body of 100 MiB, announced', flood(`${OK}Content-Length: 104857600\r\n\r\n`, ' '), TOO_LARGE, CUT],
  ['a body of 100 MiB in chunks', flood(CHUNKED, `400\r\n${' '.repeat(1_024)}\r\n`), TOO_LARGE, CUT],
  ['a body of 100 MiB until the end', flood(`${OK}Connection: close\r\n\r\n`, `{"${NAME}":`), TOO_LARGE, CUT],
  ['a body of 100 MiB under a failure', flood('HTTP/1.1 502 Bad\r\nContent-Length: 104857600\r\n\r\n', 'x'), /./, CUT],
  ['headers of 100 MiB', flood(OK, 'X: y\r\n'), BROKE_OFF, CUT],
  ['100 MiB of 100 Continue', flood('', 'HTTP/1.1 100 Continue\r\n\r\n'), /./, CUT],
  ['chunk extensions of 100 MiB', flood(`${CHUNKED}5;`, 'x'), /./, READ],
];

function worth(failure: FailureClass, rows: readonly Row[]): readonly HostileAnswer[] {
  return rows.map(([what, script, detail, extra]) => ({
    what,
    worth: failure,
    script,
    ...(detail === undefined ? {} : { detail }),
    ...extra,
  }));
}

export const HOSTILE_ANSWERS: Readonly<Record<string, readonly HostileAnswer[]>> = {
  'it is forged': worth('forged', FORGED),
  'nobody has signed it': worth('unsigned', UNSIGNED),
  'it is about another trade': worth('notOurs', NOT_OURS),
  'it is signed and malformed': worth('unknown', MALFORMED),
  'it is no answer of the gateway': worth('unknown', UNREADABLE),
  'the wire brought none': worth('unknown', WIRE),
};
