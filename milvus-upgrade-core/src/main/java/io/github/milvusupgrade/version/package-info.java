/**
 * What a Milvus version is, a range of them, and the image that names one. The image tag is the only truth about what
 * runs, and Milvus tags are not semantic versions: {@code v2.2.4-gpu} and {@code 2.2.4-20230301-c6e4b69b} are 2.2.4,
 * while {@code latest} and {@code master-20241104-f54cf418} are no version at all. Comparing tags as text, or as
 * semantic versions, upgrades what should not be upgraded; so nothing outside this package takes a tag apart.
 */
@NullMarked
package io.github.milvusupgrade.version;

import org.jspecify.annotations.NullMarked;
