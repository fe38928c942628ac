using Pptp.Model.Types;

namespace Pptp.Model;

/// <summary>How RouterOS says values that no property holds.</summary>
public static class RouterOsText
{
    /// <summary>A duration in whole seconds: <c>1w2d3h4m5s</c>, the largest unit first, zero ones left out.</summary>
    public static string Duration(TimeSpan value) => TimeType.Print(TimeSpan.FromSeconds((long)value.TotalSeconds));
}
