using System.CommandLine;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.Host.Commands;

/// <summary>The option <c>--lab</c>, which most commands share.</summary>
internal static class LabOption
{
    private const string DefaultFile = "homelab.yaml";

    internal static Option<FileInfo?> Create() => new("--lab", "-l")
    {
        Description = $"The lab file. {DefaultFile} in this folder when not given; without one, the environment variables alone.",
    };

    internal static LabFile Read(ParseResult parsed, Option<FileInfo?> option)
    {
        var reader = new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable);
        var file = parsed.GetValue(option)?.FullName ?? (File.Exists(DefaultFile) ? Path.GetFullPath(DefaultFile) : null);
        return file is null ? reader.FromEnvironment() : reader.Read(file);
    }
}
