namespace Homelab.Lab.Hosts;

/// <summary>How a program on a simulated host ended, and what it said.</summary>
internal sealed record ProgramEnd(int ExitCode, string Output = "", string Error = "")
{
    private const int NotFoundCode = 127;

    internal static ProgramEnd Fine { get; } = new(0);

    internal static ProgramEnd Say(string output) => new(0, output);

    internal static ProgramEnd Fail(string error, int exitCode = 1) => new(exitCode, "", error);

    internal static ProgramEnd NotFound(string program) => new(NotFoundCode, "", $"sh: 1: exec: {program}: not found\n");
}
