/* SPDX-License-Identifier: Apache-2.0 */
/* Views of the merchant's goods forms; fields themselves come from
 * fields_show() as F.<name>. */
#ifndef KS_WEB_VIEW_GOODS_EDIT_H
#define KS_WEB_VIEW_GOODS_EDIT_H

#include "shop/goods_edit.h"
#include "shop/stock.h"
#include "web/view_admin.h"

void view_categories(
    struct response *rs, const struct category_edit *list, size_t n);
void view_category_form(struct response *rs, const struct category_edit *list,
    size_t n, uint64_t id, uint64_t parent);
void view_products(struct response *rs, const struct product_filter *f,
    const struct product_row *rows, size_t n, const struct category_edit *cats,
    size_t n_cats);
void view_product_form(struct response *rs, uint64_t id, uint64_t category,
    const struct category_edit *cats, size_t n_cats);
void view_product_skus(struct response *rs, const struct sku_edit *skus,
    size_t n, const struct stock_count *counts, size_t n_counts);
void view_sku_form(struct response *rs, uint64_t product, uint64_t sku);
void view_inputs_form(struct response *rs, uint64_t product,
    const struct input_edit *in, size_t n);

#endif
