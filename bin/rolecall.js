#!/usr/bin/env node
/* oxlint-disable import/no-unassigned-import -- it is what this file is for */
// npx goes on to call a checkout by the file that it found there first, and for older ones that is this.
import './rolecall.cjs';
