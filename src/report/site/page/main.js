import { tendCopies } from './copy.js';
import { tellAsOf, tendAges } from './fade.js';
import { tendMatrix } from './matrix.js';
import { tendTheme } from './theme.js';

tendTheme();
tendCopies();
if (document.body.dataset.page === 'matrix') {
  tendMatrix();
}
tellAsOf(tendAges());
