import { distroLike } from '../../support/domain.ts';
import { fakeProvider } from '../../support/fake-provider.ts';
import { providerContract } from '../../support/provider-contract.ts';

providerContract('the fake', {
  provider: () => fakeProvider(),
  distro: async () => distroLike(),
  isComputer: false,
});
