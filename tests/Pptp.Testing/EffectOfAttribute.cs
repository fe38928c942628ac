namespace Pptp.Testing;

/// <summary>
/// Says that a test shows what a property of the configuration does outside the model: bytes on the wire, a route, a
/// timer, a counter.
/// </summary>
/// <param name="table">The menu's table in pptpd.toml, as <c>ppp-profile</c>.</param>
/// <param name="property">The property, as <c>session-timeout</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class EffectOfAttribute(string table, string property) : Attribute
{
    public string Table { get; } = table;

    public string Property { get; } = property;
}
