/** emptyPolicy is where a scope without a policy begins: it does what the scopes above it do. */
export const emptyPolicy = `<policies>
    <inbound>
        <base />
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
`;
