import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { exceptFor } from './endpoint.ts';
import { addressOf, allocate, ec2, instanceOf, launchOne, tagged, UNKNOWN_INSTANCE } from './ec2-calls.ts';

// "CreateTags", "DeleteTags", "DescribeTags"
describe('EC2 tags', () => {
  it('are added, replaced and removed, of several resources in one call', async () => {
    const id = await launchOne();
    const { allocationId } = await allocate();
    const Resources = [id, allocationId];
    await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'a', Value: '1' }] }));
    await ec2.send(
      new CreateTagsCommand({
        Resources,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'b' }] }));
    expect((await instanceOf(id)).Tags).toEqual([{ Key: 'a', Value: '2' }]);
    expect((await addressOf(allocationId)).Tags).toEqual([
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ]);
  });

  it('stay when the value named for removal is another', async () => {
    const id = await launchOne();
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '1' }] }));
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '2' }] }));
    expect((await instanceOf(id)).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it('are listed by resource and key', async () => {
    const id = await launchOne(tagged('role', 'web'));
    const Filters = [{ Name: 'resource-id', Values: [id] }];
    const { Tags } = await ec2.send(new DescribeTagsCommand({ Filters }));
    expect(Tags).toEqual([{ Key: 'role', Value: 'web', ResourceId: id, ResourceType: 'instance' }]);
  });

  it(
    'are refused on what is not there',
    exceptFor('moto', 'takes them', async () => {
      const command = new CreateTagsCommand({ Resources: [UNKNOWN_INSTANCE], Tags: [{ Key: 'a', Value: '1' }] });
      await expect(ec2.send(command)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    }),
  );

  it(
    'are refused under the reserved prefix',
    exceptFor('moto', 'takes them', async () => {
      const id = await launchOne();
      const command = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'aws:x', Value: '1' }] });
      await expect(ec2.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    }),
  );
});
