/** Whether Alipay's certificate leads to a root of the root file: both from one console, and of one environment. */
import { type CertificateFile, issued, x509In } from './certificates.ts';

/**
 * `unknownIssuer`: nothing in either file issued the first certificate. Console files may come without the one between, so nothing
 * follows from that. `otherRoot`: the one between is there, and leads to no root of the bundle. `broken`: a signature does not hold.
 */
export type Chain = 'holds' | 'unknownIssuer' | 'otherRoot' | 'broken';

/** @throws KeyProblem when a file cannot be read */
export function checkChain(file: CertificateFile, bundle: CertificateFile): Chain {
  const roots = x509In(bundle);
  const chain = x509In(file);
  let [certificate] = chain;
  // Each round goes one certificate up, so a circle of them ends with the bound.
  for (let level = 0; certificate !== undefined && level <= chain.length; level += 1) {
    const below = certificate;
    const above = [...roots, ...chain].filter((candidate) => issued(candidate, below));
    if (above.length === 0) return level === 0 ? 'unknownIssuer' : 'otherRoot';
    const signer = above.find(({ publicKey }) => below.verify(publicKey));
    if (signer === undefined) return 'broken';
    if (roots.includes(signer)) return 'holds';
    certificate = signer;
  }
  return 'otherRoot';
}
