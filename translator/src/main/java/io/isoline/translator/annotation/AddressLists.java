package io.isoline.translator.annotation;

import io.isoline.translator.model.AddressList;
import io.isoline.translator.text.IpRange;
import java.util.List;

/** From which addresses requests are let in. */
final class AddressLists implements Subject {

  private static final String CLIENT =
      " The address of the client is the one that access logs show: with trusted proxies in front or"
          + " PROXY protocol, the address that these say.";

  static final Annotation<List<IpRange>> ALLOWLIST =
      new Annotation<>(
              "allowlist-source-range",
              ValueType.ADDRESSES.orEmpty(),
              "clients of all addresses are let in",
              "Requests of other addresses get 403, after redirects and preflight requests have been"
                  + " answered."
                  + CLIENT,
              "10.0.0.0/8, 2001:db8::/32, 192.0.2.7",
              "")
          .orCalled("whitelist-source-range")
          .closing();

  static final Annotation<List<IpRange>> DENYLIST =
      new Annotation<>(
              "denylist-source-range",
              ValueType.ADDRESSES.orEmpty(),
              "clients of all addresses are let in",
              "Requests of these addresses get 403, also where `allowlist-source-range` has them."
                  + CLIENT,
              "198.51.100.0/24",
              "")
          .closing();

  @Override
  public List<Annotation<?>> annotations() {
    return List.of(ALLOWLIST, DENYLIST);
  }

  @Override
  public void apply(Values values, Policy.Builder policy) {
    List<IpRange> allowed = values.get(ALLOWLIST, List.of());
    List<IpRange> denied = values.get(DENYLIST, List.of());
    if (!allowed.isEmpty() || !denied.isEmpty()) {
      policy.add(new AddressList(allowed, denied));
    }
  }
}
