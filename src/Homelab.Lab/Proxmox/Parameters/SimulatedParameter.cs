namespace Homelab.Lab.Proxmox;

/// <summary>A parameter of a route, as the API's own description declares it.</summary>
public sealed record SimulatedParameter
{
    /// <summary>Its name; <c>net[n]</c> stands for <c>net0</c>, <c>net1</c> and so on.</summary>
    public required string Name { get; init; }

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c> or <c>array</c>.</summary>
    public string Type { get; init; } = "string";

    /// <summary>False for one that must be there.</summary>
    public bool Optional { get; init; } = true;

    /// <summary>What counts when it is not there; told, not put in.</summary>
    public string? Default { get; init; }

    /// <summary>The least number.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number.</summary>
    public double? Maximum { get; init; }

    /// <summary>The shortest text.</summary>
    public int? MinLength { get; init; }

    /// <summary>The longest text.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only values there are.</summary>
    public IReadOnlyList<string>? Enum { get; init; }

    /// <summary>The name of its format: <c>pve-node</c>, <c>dns-name</c>. Those that are not known here let everything pass.</summary>
    public string? Format { get; init; }

    /// <summary>Another parameter that must be there when this one is.</summary>
    public string? Requires { get; init; }

    /// <summary>A check beyond the format, by name and value: what is wrong, or null.</summary>
    internal Func<string, string, string?>? Check { get; init; }

    /// <summary>It must be there.</summary>
    internal SimulatedParameter Must() => this with { Optional = false };

    internal static SimulatedParameter Text(string name, string? format = null, string? @default = null) => new() { Name = name, Format = format, Default = @default };

    internal static SimulatedParameter Matching(string name, string pattern, int? maxLength = null) => new() { Name = name, Pattern = pattern, MaxLength = maxLength };

    internal static SimulatedParameter Flag(string name, string? @default = null) => new() { Name = name, Type = "boolean", Default = @default };

    internal static SimulatedParameter Whole(string name, double? min = null, double? max = null, string? @default = null) =>
        new() { Name = name, Type = "integer", Minimum = min, Maximum = max, Default = @default };

    internal static SimulatedParameter Number(string name, double? min = null, double? max = null, string? @default = null) =>
        new() { Name = name, Type = "number", Minimum = min, Maximum = max, Default = @default };

    internal static SimulatedParameter Choice(string name, params IReadOnlyList<string> values) => new() { Name = name, Enum = values };

    internal static SimulatedParameter Array(string name, string? format = null) => new() { Name = name, Type = "array", Format = format };
}
