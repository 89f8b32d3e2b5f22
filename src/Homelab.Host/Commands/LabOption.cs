using System.CommandLine;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;

namespace Homelab.Host.Commands;

/// <summary>The option <c>--lab</c>, which most commands share.</summary>
internal static class LabOption
{
    internal static Option<FileInfo?> Create() => new("--lab", "-l")
    {
        Description = $"The lab file. When not given: the one that {LabLocator.Variable} names, {LabLocator.DefaultFile} in this folder, homelab/{LabLocator.DefaultFile} in the user's configuration folder; without any, the environment variables alone.",
    };

    internal static LabFile Read(ParseResult parsed, Option<FileInfo?> option) =>
        new LabLocator(Environment.CurrentDirectory, Environment.GetEnvironmentVariable).Locate(parsed.GetValue(option)?.FullName).File;

    /// <summary>Keeps the policy as the lab file has it, as long as it is not disposed of.</summary>
    internal static IAsyncDisposable Watch(ParseResult parsed, Option<FileInfo?> option, HomelabRuntime runtime, JsonLog log) =>
        new Background(new PolicyWatch(runtime, () => Read(parsed, option), (name, text) => log.Write(name, text)).RunAsync);

    /// <summary>Opens the state that is there: to make an empty one would answer every question about it with "all is well".</summary>
    /// <exception cref="HomelabException"><c>StateNotFound</c> (NotFound).</exception>
    internal static async Task<HomelabRuntime> OpenStateAsync(ParseResult parsed, Option<FileInfo?> option, CancellationToken cancellationToken)
    {
        var file = Read(parsed, option);
        var path = Path.Combine(file.BasePath, file.Lab.Server.State);
        if (file.Lab.Server.Database is null && !File.Exists(path)) throw new HomelabException(ErrorKind.NotFound, "StateNotFound", $"There is no state file {path}. 'homelab serve' makes it; check --lab and server.state if it has run.", path);
        return await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), cancellationToken);
    }
}
