<?cs #
  SPDX-License-Identifier: Apache-2.0
  Beside the button of a form that asks for work (js/work.js).  Without script
  the lines that need one are not there.  Calls no macros.
  Work {Value Bits Wait Noscript}  Wait: seconds until waiting counts instead;
  Noscript: what to do without script
?><div class="work" data-work data-bits="<?cs var:Work.Bits ?>" data-wait="<?cs var:Work.Wait ?>" data-busy="<?cs var:Lang.work.busy ?>" data-done="<?cs var:Lang.work.done ?>" data-held="<?cs var:Lang.work.held ?>"><progress class="work-bar" max="16" value="0" aria-label="<?cs var:Lang.work.progress ?>" hidden></progress><p class="hint" role="status" data-work-text></p><noscript><p class="hint"><?cs var:Work.Noscript ?></p></noscript></div>
