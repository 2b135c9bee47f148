/**
 * Reads every form of RSA key that Alipay's key tool and console hand out, and refuses everything else with a sentence that
 * says what was found and what to do. No message ever quotes the key.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { kindOfDer } from './der.ts';
import { readKeyMaterial } from './key-material.ts';
import type { KeyMaterial } from './key-material.ts';
import { privateKeyFromPkcs12 } from './pkcs12.ts';
import { textFlaw } from './text-flaws.ts';

/** RSA2 asks for 2048 bits (document "生成密钥"). */
const MODULUS_BITS_MIN = 2048;

/** A key that cannot be used; the message says why and what to do, and holds nothing of the key. */
export class KeyProblem extends Error {
  override readonly name: string = 'KeyProblem';
}

/**
 * PKCS#1 or PKCS#8, as PEM or bare base64 or DER, encrypted or not; PKCS#12 as bytes or base64.
 * @throws KeyProblem when it is anything else, not RSA, or shorter than 2048 bits
 */
export function readPrivateKey(text: string | Uint8Array, options: { passphrase?: string } = {}): KeyObject {
  const blocks = readKeyMaterial(text);
  const keys = blocks.filter(holdsPrivateKey);
  if (keys.length > 1) {
    throw new KeyProblem(`holds ${keys.length} private keys; leave only the one that belongs to this app id`);
  }
  const [material = blocks[0]] = keys;
  if (material === undefined) {
    throw new KeyProblem(
      textFlaw(text) ??
        'is neither PEM nor base64; give the whole content of the private key file that the Alipay key tool wrote',
    );
  }
  refuseSpoilt(text, material);
  return asRsa(privateKeyFrom(material, options.passphrase), 'make a new pair and upload its public key');
}

/**
 * X.509 SubjectPublicKeyInfo or PKCS#1, as PEM or bare base64 or DER, or a certificate.
 * @throws KeyProblem when it is anything else, not RSA, or shorter than 2048 bits
 */
export function readPublicKey(text: string | Uint8Array): KeyObject {
  const [material] = readKeyMaterial(text);
  if (material === undefined) {
    throw new KeyProblem(
      textFlaw(text) ?? 'is neither PEM nor base64; copy the whole 支付宝公钥 (Alipay public key) from the console',
    );
  }
  refuseSpoilt(text, material);
  return asRsa(publicKeyFrom(material), 'give the 支付宝公钥 that the console shows for RSA2, not the one for RSA');
}

/** Where the text itself explains why it holds no key, that is said, and not that the key is damaged. */
function refuseSpoilt(text: string | Uint8Array, { der }: KeyMaterial): void {
  const flaw = kindOfDer(der) === 'unrecognised' ? textFlaw(text) : undefined;
  if (flaw !== undefined) throw new KeyProblem(flaw);
}

function holdsPrivateKey({ label, der }: KeyMaterial): boolean {
  return label === undefined ? kindOfDer(der) !== 'unrecognised' : label.endsWith('PRIVATE KEY');
}

function privateKeyFrom(material: KeyMaterial, passphrase: string | undefined): KeyObject {
  if (material.pem?.includes('Proc-Type: 4,ENCRYPTED') === true) return decrypt(material.pem, passphrase);
  const { der } = material;
  const kind = kindOfDer(der);
  switch (kind) {
    case 'rsaPrivateKey':
      return parse(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }));
    case 'privateKeyInfo':
      return parse(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    case 'encryptedPrivateKeyInfo':
      return decrypt(pemOf('ENCRYPTED PRIVATE KEY', der), passphrase);
    case 'pkcs12': {
      const pkcs1 = privateKeyFromPkcs12(der, passphrase ?? '');
      if (pkcs1 === undefined) {
        throw new KeyProblem(
          'is a PKCS#12 file that does not open; check the passphrase and that it holds one RSA key',
        );
      }
      return parse(() => createPrivateKey({ key: pkcs1, format: 'der', type: 'pkcs1' }));
    }
    case 'ecPrivateKey':
      throw new KeyProblem('is an elliptic-curve key; RSA2 needs an RSA key of 2048 bits, make one with the key tool');
    case 'publicKeyInfo':
    case 'rsaPublicKey':
      throw new KeyProblem('is a public key; give the private key (应用私钥) that was made together with it');
    case 'certificate':
      throw new KeyProblem(
        'is a certificate, which holds only a public key; give the private key (应用私钥) made with it',
      );
    case 'unrecognised':
      throw new KeyProblem('is damaged or cut short, or no key at all; copy the private key file again, whole');
  }
}

function publicKeyFrom({ der }: KeyMaterial): KeyObject {
  const kind = kindOfDer(der);
  switch (kind) {
    case 'publicKeyInfo':
      return parse(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
    case 'rsaPublicKey':
      return parse(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
    case 'certificate':
      return parse(() => publicKeyOf(new X509Certificate(der)));
    case 'rsaPrivateKey':
    case 'privateKeyInfo':
    case 'encryptedPrivateKeyInfo':
    case 'ecPrivateKey':
    case 'pkcs12':
      throw new KeyProblem(
        'is a private key; give the 支付宝公钥 (Alipay public key) shown in the console, and keep the private key secret',
      );
    case 'unrecognised':
      throw new KeyProblem(
        'is damaged or cut short, or no key at all; copy the 支付宝公钥 from the console again, whole',
      );
  }
}

/** The key of a root or of an authority between verifies certificates, never an answer. */
function publicKeyOf({ ca, publicKey }: X509Certificate): KeyObject {
  if (ca) {
    throw new KeyProblem('is the certificate of an authority; give the 支付宝公钥 (Alipay public key) of the console');
  }
  return publicKey;
}

function decrypt(pem: string, passphrase: string | undefined): KeyObject {
  if (passphrase === undefined) throw new KeyProblem('is encrypted; give its passphrase too');
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch {
    throw new KeyProblem('does not open with the passphrase given; check the passphrase');
  }
}

function pemOf(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
}

function parse(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    // OpenSSL's reason says nothing a reader could act on, and its error carries internals of the library: left behind.
    throw new KeyProblem(
      'has the outline of a key but cannot be read; it is damaged or of a kind that RSA2 cannot use',
    );
  }
}

/** `remedy`: what to do where the key is too short. */
function asRsa(key: KeyObject, remedy: string): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new KeyProblem(`is a key of another kind than RSA; RSA2 needs an RSA key of ${MODULUS_BITS_MIN} bits`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MODULUS_BITS_MIN) {
    throw new KeyProblem(`has ${bits} bits; RSA2 needs ${MODULUS_BITS_MIN}: ${remedy}`);
  }
  return key;
}
