#!/usr/bin/env node
// npx goes on to call a checkout by the file that it found there first, and for older ones that is this.
import './rolecall.cjs';
