/** `npm run code-tables`: writes the tables of Alipay's codes into docs/errors.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../repository-root.ts';
import { ERRORS_DOCUMENT, withCodeTables } from './code-tables.ts';

const file = path.join(repositoryRoot, ERRORS_DOCUMENT);
writeFileSync(file, withCodeTables(readFileSync(file, 'utf8')));
