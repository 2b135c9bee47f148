/** The published JSON Schemas, as text and as a check. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { repositoryRoot } from '../repository-root.ts';

export interface Schema {
  readonly description: string;
  readonly examples: readonly unknown[];
  readonly properties: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, object>>; readonly enum?: readonly string[] }>
  >;
  readonly oneOf: readonly { readonly properties: object }[];
  readonly $defs: Readonly<Record<string, { readonly enum: readonly string[] }>>;
}

export function loadSchema(name: string): { readonly schema: Schema; readonly validate: ValidateFunction } {
  const schema = JSON.parse(readFileSync(path.join(repositoryRoot, 'contract', name), 'utf8')) as Schema;
  return { schema, validate: new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema) };
}
