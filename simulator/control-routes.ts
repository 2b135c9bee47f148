/** The control endpoint: JSON in, JSON out, every refusal with a sentence that says what would be taken. */
import { type Control, ControlError, type Operation, OPERATIONS } from './operations.ts';
import { PlanProblems } from './plan-reading.ts';

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
  readonly method: string;
  readonly path: string;
  readonly name: keyof Control;
  readonly readsBody: boolean;
}

const TRADE = '{outTradeNo}';

const ROUTES: readonly Route[] = Object.entries<Operation>(OPERATIONS).map(([name, { route, readsBody = false }]) => {
  const [method = '', path = ''] = route.split(' ');
  // `Object.entries` does not say that the names are those of the table.
  return { method, path, name: name as keyof Control, readsBody };
});

/** Never rejects: what cannot be done is answered 400, 404 or 409 with a sentence. */
export async function answerControl(control: Control, request: ControlRequest): Promise<ControlAnswer> {
  for (const route of ROUTES) {
    const outTradeNo = request.method === route.method ? matched(route.path, request.path) : undefined;
    if (outTradeNo !== undefined) return await answerRoute(control, route, { outTradeNo, body: request.body });
  }
  const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
  return { status: 404, json: { error: `No ${request.method} ${request.path} here; there is ${routes.join(', ')}` } };
}

async function answerRoute(
  control: Control,
  { path, name, readsBody }: Route,
  { outTradeNo, body }: { readonly outTradeNo: string; readonly body: string },
): Promise<ControlAnswer> {
  try {
    const told = [...(path.includes(TRADE) ? [outTradeNo] : []), ...(readsBody ? [JSON.parse(body) as unknown] : [])];
    // The row says which arguments the operation takes, and what it reads from a body it checks itself.
    const perform = control[name] as (...told: readonly unknown[]) => unknown;
    return { status: 200, json: await perform(...told) };
  } catch (error) {
    if (error instanceof SyntaxError) return { status: 400, json: { error: 'The body must be JSON' } };
    if (error instanceof PlanProblems) return { status: 400, json: { error: error.message, problems: error.problems } };
    if (error instanceof ControlError) return { status: 409, json: { error: error.message } };
    throw error;
  }
}

/** The outTradeNo in the path, an empty text where the route has none, `undefined` where the path is another. */
function matched(pattern: string, path: string): string | undefined {
  if (!pattern.includes(TRADE)) return pattern === path ? '' : undefined;
  const [before = '', after = ''] = pattern.split(TRADE);
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
