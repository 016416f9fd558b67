<?cs #
  SPDX-License-Identifier: Apache-2.0
  The end of what home_section.cs has begun.
?></ul>
</section>