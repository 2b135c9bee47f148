/** Who a merchant is to Alipay: numbers and tokens that can be seen to be wrong before Alipay is asked. */
import type { Certificate } from './certificates.ts';
import { invisibleIn } from './text-flaws.ts';

interface Identity {
  readonly appId: string;
  readonly sellerId?: string;
  readonly appAuthToken?: string;
}

/** `2014072300007148` in the documents, `2021…` in the console, `9021…` in the sandbox: 16 digits, and never an account's number. */
const APP_ID = /^(?!2088)\d{16}$/;
/** Document "公共请求参数", field doc of `seller_id`: the account's number (PID, partner id), which begins with 2088. */
const ACCOUNT = /^2088\d{12}$/;

/** Sentences that begin with the option's name. */
export function identityProblems({ appId, sellerId, appAuthToken }: Identity): readonly string[] {
  const problems: string[] = [];
  if (!APP_ID.test(appId)) problems.push(`appId ${invisibleIn(appId) ?? whatIsNoAppId(appId)}`);
  if (sellerId !== undefined && !ACCOUNT.test(sellerId)) {
    problems.push(`sellerId ${invisibleIn(sellerId) ?? whatIsNoAccount(sellerId)}`);
  }
  if (appAuthToken !== undefined) problems.push(...tokenProblems(appAuthToken));
  return problems;
}

/** Alipay names its application certificates `CN=<account>-<app id>`. */
const ISSUED_FOR = /(?:^|[,+])CN=2088\d{12}-(\d{16})(?=$|[,+])/;

/** An expired one Alipay refuses with each call. Whether its own has expired, Alipay's answers say. */
export function appCertificateProblems({ subject, notAfter }: Certificate, appId: string): readonly string[] {
  const problems: string[] = [];
  const [, issuedFor = appId] = ISSUED_FOR.exec(subject) ?? [];
  if (issuedFor !== appId) {
    problems.push(`appCertificate was issued for app ${issuedFor}; give the one of this appId, or that appId`);
  }
  if (notAfter.getTime() < Date.now()) {
    const day = notAfter.toISOString().slice(0, 10);
    problems.push(`appCertificate expired on ${day}; renew it in the console and give the new file`);
  }
  return problems;
}

function whatIsNoAppId(appId: string): string {
  return ACCOUNT.test(appId)
    ? 'is the number of an account (PID); give the APPID of the application, which the console shows too'
    : 'must be the id of the application as the console shows it (APPID): 16 digits';
}

function whatIsNoAccount(sellerId: string): string {
  const found = sellerId.includes('@') ? 'is an e-mail address, a name to log in with; it' : '';
  return `${found} must be the account's number (PID) of the console: 16 digits, beginning with 2088`.trimStart();
}

function tokenProblems(token: string): readonly string[] {
  if (token.trim() === '') return ['appAuthToken is empty; leave it out, or give the token granted'];
  const flaw = invisibleIn(token) ?? (/\s/.test(token) ? 'holds blanks; give the token alone, on one line' : undefined);
  return flaw === undefined ? [] : [`appAuthToken ${flaw}`];
}
