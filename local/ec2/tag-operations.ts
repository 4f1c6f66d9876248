import { Ec2Error } from './ec2-error.ts';
import { filterTest, readFilters } from './filters.ts';
import type { Ec2Model } from './model.ts';
import type { Operation } from './operation.ts';
import { pageOf } from './paging.ts';
import type { QueryForm } from './query-form.ts';
import type { TagRemoval, Tags } from './tags.ts';
import { itemSet, text } from './xml.ts';

export const TAG_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateTags: (form, model) => {
    model.createTags(resourceIds(form), readTags(form));
    return text('return', true);
  },
  DeleteTags: (form, model) => {
    model.deleteTags(resourceIds(form), readRemovals(form));
    return text('return', true);
  },
  DescribeTags: describeTags,
};

/** The tags that a launch or an allocation gives to resources of this type. */
export function tagsFor(form: QueryForm, resourceType: string): Tags {
  return Object.fromEntries(
    form
      .children('TagSpecification')
      .filter((specification) => specification.text('ResourceType') === resourceType)
      .flatMap((specification) => Object.entries(readTags(specification))),
  );
}

function readTags(form: QueryForm): Tags {
  return Object.fromEntries(form.children('Tag').map((tag) => [tag.text('Key') ?? '', tag.text('Value') ?? '']));
}

function readRemovals(form: QueryForm): readonly TagRemoval[] {
  return form.children('Tag').map((tag) => {
    const value = tag.text('Value');
    return { key: tag.text('Key') ?? '', ...(value === undefined ? {} : { value }) };
  });
}

function resourceIds(form: QueryForm): readonly string[] {
  const ids = form.list('ResourceId');
  if (ids.length > 0) return ids;
  throw new Ec2Error('MissingParameter', 'The request must contain the parameter ResourceId');
}

interface TagDescription {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

function describeTags(form: QueryForm, model: Ec2Model): string {
  const all: readonly TagDescription[] = [
    ...model.listedInstances().flatMap(({ id, tags }) => descriptions(id, 'instance', tags)),
    ...model.listedAddresses().flatMap(({ allocationId, tags }) => descriptions(allocationId, 'elastic-ip', tags)),
  ];
  const matches = filterTest<TagDescription>(
    readFilters(form),
    {
      'resource-id': ({ resourceId }) => [resourceId],
      'resource-type': ({ resourceType }) => [resourceType],
      key: ({ key }) => [key],
      value: ({ value }) => [value],
    },
    ({ key, value }) => ({ [key]: value }),
  );
  const idOf = ({ resourceId, key }: TagDescription): string => `${resourceId} ${key}`;
  const page = pageOf(form, model.lifecycle.pageSize, all, idOf, matches);
  const tagSet = itemSet('tagSet', page.entries, ({ resourceId, resourceType, key, value }) =>
    [text('resourceId', resourceId), text('resourceType', resourceType), text('key', key), text('value', value)].join(
      '',
    ),
  );
  return tagSet + text('nextToken', page.nextToken);
}

function descriptions(resourceId: string, resourceType: string, tags: Tags): readonly TagDescription[] {
  return Object.entries(tags).map(([key, value]) => ({ resourceId, resourceType, key, value }));
}
