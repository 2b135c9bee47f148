/** Everything the workflow bundle exports: the names under which services start and reach a resolution. */
export { resolveUncertainPayment } from './resolve-uncertain-payment.ts';
