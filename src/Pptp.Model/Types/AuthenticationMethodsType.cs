using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A set of authentication methods, in RouterOS' order.</summary>
internal sealed class AuthenticationMethodsType : PropertyType<AuthenticationMethods>
{
    private static readonly WordType<AuthenticationMethods> Method = new(
        ("pap", AuthenticationMethods.Pap),
        ("chap", AuthenticationMethods.Chap),
        ("mschap1", AuthenticationMethods.MsChap1),
        ("mschap2", AuthenticationMethods.MsChap2));

    private static readonly ListType<AuthenticationMethods> Methods =
        new(Method, "pap, chap, mschap1, mschap2", atLeastOne: true);

    public override string Expectation => Methods.Expectation;

    public override IReadOnlyList<string> Words => Method.Words;

    public override bool TryParse(string text, out AuthenticationMethods value, out string? problem)
    {
        bool parsed = Methods.TryParse(text, out ValueList<AuthenticationMethods> list, out problem);
        value = Combine(list);
        return parsed;
    }

    public override string Format(AuthenticationMethods value) => Methods.Format(Separate(value));

    public override string? FormatToml(AuthenticationMethods value) => Methods.FormatToml(Separate(value));

    public override bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out AuthenticationMethods result)
    {
        if (value is not ConfigurationValue.List)
        {
            return base.TryRead(value, complaints, out result);
        }

        bool read = Methods.TryRead(value, complaints, out ValueList<AuthenticationMethods> list);
        result = Combine(list);
        return read;
    }

    private static AuthenticationMethods Combine(ValueList<AuthenticationMethods> list) =>
        list.Aggregate(AuthenticationMethods.None, (all, one) => all | one);

    private static ValueList<AuthenticationMethods> Separate(AuthenticationMethods value) =>
        [.. Enum.GetValues<AuthenticationMethods>().Where(m => m != AuthenticationMethods.None && value.HasFlag(m))];
}
