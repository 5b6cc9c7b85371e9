import { describe, expect, it } from 'vitest';
import { broughtIn, digestsIn, imageWord } from '../../../src/commands/brought.ts';
import { imageMirrorOption, imageMirrorsIn } from '../../../src/commands/image-mirror.ts';
import { providerOptionsOf } from '../../../src/commands/provider-options.ts';
import { UserError } from '../../../src/errors.ts';

describe('--image', () => {
  it('tells a digest from a file', () => {
    const words = imageWord('rhel-10=./rhel-10.qcow2', imageWord('debian-13=6108c05e7bf3'));

    expect(digestsIn(words)).toEqual([['debian-13', '6108c05e7bf3']]);
    expect(broughtIn(words)).toEqual({ 'rhel-10': `${process.cwd()}/rhel-10.qcow2` });
  });

  it.each([
    ['rhel-10=/srv/rhel.qcow2', '/srv/rhel.qcow2'],
    ['rhel-10=rhel.raw', `${process.cwd()}/rhel.raw`],
    ['rhel-10=/srv/a=b', '/srv/a=b'],
  ])('takes a file by its full path: %s', (text, path) => {
    expect(broughtIn(imageWord(text))).toEqual({ 'rhel-10': path });
  });

  it.each(['debian-13', 'debian-13=', 'debian-13=nothing', '=6108c05e7bf3', 'debian-13=6108'])(
    'refuses %j with both ways to say it',
    (text) => {
      expect(() => imageWord(text)).toThrow(UserError);
      expect(() => imageWord(text)).toThrow(/RELEASE=DIGEST.*or RELEASE=FILE/);
    },
  );

  it('refuses two for one release', () => {
    expect(() => imageWord('debian-13=./own.qcow2', { 'debian-13': '6108c05e7bf3' })).toThrow(
      /has one already/,
    );
  });
});

describe('--image-mirror', () => {
  const at = { env: {}, cwd: '/' };

  it('is said once or more, and in the environment', () => {
    const env = {
      KATAFARM_IMAGE_MIRROR: 'https://a.example/=https://m.example/a/ https://b.example/=http://m/',
    };

    expect(providerOptionsOf({ ...at, env }, { accel: 'auto' }).imageMirrors).toEqual({
      'https://a.example/': 'https://m.example/a/',
      'https://b.example/': 'http://m/',
    });
  });

  it('counts more on the command line than in the environment', () => {
    const env = { KATAFARM_IMAGE_MIRROR: 'https://a.example/=https://m.example/' };
    const imageMirror = { 'https://b.example/': 'https://m.example/' };

    expect(providerOptionsOf({ ...at, env }, { accel: 'auto', imageMirror }).imageMirrors).toEqual(
      imageMirror,
    );
  });

  it.each(['https://a.example/', 'a=b', 'https://a.example/=ftp://b/'])(
    'refuses %j with an example',
    (text) => {
      expect(() => imageMirrorsIn(text)).toThrow(/say FROM=TO/);
      expect(() => imageMirrorOption().parseArg?.(text, undefined)).toThrow(UserError);
    },
  );
});
