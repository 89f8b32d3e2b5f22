namespace ClashingModule;

/// <summary>What was read, and by which versions of the libraries that both modules bring along.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Yaml">The version of YamlDotNet.</param>
/// <param name="Sqlite">The version of SQLitePCLRaw.core.</param>
public sealed record ClashingLine(string Key, string Value, Version Yaml, Version Sqlite);
