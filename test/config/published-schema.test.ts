import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KEY_TABLE } from '../../lib/config/key-table.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { filledIn, REFERENCE_FILE, SCHEMA_FILE, schemaPaths, schemaText } from '../../scripts/configuration-schema.ts';

describe('the published schema and reference', () => {
  test('roles.schema.json is fresh (node --import tsx scripts/configuration-schema.ts writes it)', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText());
  });

  test('the tables of the reference are fresh (node --import tsx scripts/configuration-schema.ts writes them)', () => {
    const page = readFileSync(REFERENCE_FILE, 'utf8');
    expect(page).toBe(filledIn(page));
  });

  test('the table of keys has every path of the schema but plain items of lists, and no other', () => {
    const paths = schemaPaths();
    const plainItems = [
      'roles.<role>.names[].address[]',
      'roles.<role>.aliases[]',
      'roles.<role>.elasticIp.allocationIds[]',
      'roles.<role>.allow.instanceProfiles[]',
      'roles.<role>.allow.vpcs[]',
      'roles.<role>.allow.subnets[]',
      'defaults.drainOn[]',
      'roles.<role>.drainOn[]',
      'hosts.<id>.roles[]',
    ];
    expect(paths).toEqual(expect.arrayContaining(plainItems));
    expect(paths.filter((path) => !plainItems.includes(path)).sort()).toEqual(Object.keys(KEY_TABLE).sort());
  });

  test('no object of the schema takes keys that the configuration has not', () => {
    const objects = schemaText().match(/"properties": \{/g) ?? [];
    const closed = schemaText().match(/"additionalProperties": false/g) ?? [];
    expect(objects).toHaveLength(17);
    expect(closed).toHaveLength(17);
  });

  test('the example of the reference is a valid configuration', () => {
    const example = /export default defineRoles\((\{.*?\n\})\);/s.exec(readFileSync(REFERENCE_FILE, 'utf8'))?.[1];
    const json = (example ?? '')
      .replace(/\/\/.*$/gm, '')
      .replace(/([{,]\s*)(\w+):/g, '$1"$2":')
      .replaceAll("'", '"')
      .replace(/,(\s*[}\]])/g, '$1');
    const configuration = parseConfiguration(JSON.parse(json));
    expect(Object.keys(configuration.roles)).toEqual(['cache', 'web', 'mail', 'primary']);
  });
});
