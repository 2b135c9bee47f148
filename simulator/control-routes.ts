/** The control endpoint: JSON in, JSON out, every refusal with a sentence that says what would be taken. */
import { type Control, ControlError } from './control.ts';
import { isRecord, PlanProblems } from './plan-reading.ts';

export interface ControlRequest {
  readonly method: string;
  /** Below the control URL, for instance `/trades/sao201881610515614521`. */
  readonly path: string;
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: number;
  readonly json: unknown;
}

interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `{}` stands for an outTradeNo. */
  readonly path: string;
  /** Of a route that reads JSON. Every PUT does. */
  readonly readsBody?: true;
  readonly answer: (control: Control, outTradeNo: string, body: unknown) => unknown;
}

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/ledger', answer: (control) => control.ledger() },
  { method: 'DELETE', path: '/ledger', answer: (control) => (control.reset(), control.ledger()) },
  { method: 'GET', path: '/trades/{}', answer: (control, outTradeNo) => control.trade(outTradeNo) },
  { method: 'PUT', path: '/trades/{}', answer: (control, outTradeNo, body) => control.plan(outTradeNo, body) },
  {
    method: 'DELETE',
    path: '/trades/{}',
    answer: (control, outTradeNo) => (control.forget(outTradeNo), control.trade(outTradeNo)),
  },
  { method: 'POST', path: '/trades/{}/buyer-pays', answer: (control, outTradeNo) => control.buyerPays(outTradeNo) },
  { method: 'POST', path: '/trades/{}/top-up', answer: (control, outTradeNo) => control.topUp(outTradeNo) },
  { method: 'POST', path: '/trades/{}/unfreeze', answer: (control, outTradeNo) => control.unfreeze(outTradeNo) },
  {
    method: 'POST',
    path: '/trades/{}/notify',
    readsBody: true,
    answer: (control, outTradeNo, body) => control.notify(outTradeNo, body),
  },
  { method: 'PUT', path: '/faults', answer: setRandomFaults },
  { method: 'POST', path: '/heal', answer: (control) => (control.heal(), { healed: true }) },
];

/** Never rejects: what cannot be done is answered 400, 404 or 409 with a sentence. */
export async function answerControl(control: Control, request: ControlRequest): Promise<ControlAnswer> {
  for (const route of ROUTES) {
    const outTradeNo = request.method === route.method ? matched(route.path, request.path) : undefined;
    if (outTradeNo !== undefined) return await answerRoute(control, route, outTradeNo, request.body);
  }
  const routes = ROUTES.map(({ method, path }) => `${method} ${path.replace('{}', '{outTradeNo}')}`);
  return { status: 404, json: { error: `No ${request.method} ${request.path} here; there is ${routes.join(', ')}` } };
}

async function answerRoute(control: Control, route: Route, outTradeNo: string, body: string): Promise<ControlAnswer> {
  try {
    const asked: unknown = route.method === 'PUT' || route.readsBody === true ? JSON.parse(body) : undefined;
    return { status: 200, json: await route.answer(control, outTradeNo, asked) };
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, json: { error: 'The body must be JSON' } };
    if (error instanceof PlanProblems) return { status: 400, json: { error: error.message, problems: error.problems } };
    if (error instanceof ControlError) return { status: 409, json: { error: error.message } };
    throw error;
  }
}

/** The outTradeNo in the path, an empty text where the route has none, `undefined` where the path is another. */
function matched(pattern: string, path: string): string | undefined {
  if (!pattern.includes('{}')) return pattern === path ? '' : undefined;
  const [before = '', after = ''] = pattern.split('{}');
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const middle = path.slice(before.length, path.length - after.length);
  return middle === '' || middle.includes('/') ? undefined : percentDecoded(middle);
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function setRandomFaults(control: Control, _: string, body: unknown): unknown {
  const { seed, rate } = isRecord(body) ? body : {};
  if (typeof seed !== 'number' || typeof rate !== 'number') {
    throw new ControlError('faults by seed look like {"seed":1,"rate":0.2}');
  }
  control.randomFaults({ seed, rate });
  return { seed, rate };
}
