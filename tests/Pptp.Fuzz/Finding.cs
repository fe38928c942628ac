namespace Pptp.Fuzz;

/// <summary>An input that was not borne.</summary>
/// <param name="Input">What it was.</param>
/// <param name="Failure">What came of it.</param>
public sealed record Finding(byte[] Input, Exception Failure)
{
    public override string ToString() => $"{Convert.ToHexStringLower(Input)}{Environment.NewLine}{Failure}";
}
