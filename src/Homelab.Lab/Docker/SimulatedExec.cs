using System.Globalization;

namespace Homelab.Lab.Docker;

/// <summary>A command in a simulated container. Of programs there are only <c>echo</c>, <c>cat</c> (which finds no file), <c>sleep</c>, <c>true</c> and <c>false</c>.</summary>
internal sealed class SimulatedExec(SimulatedContainer container, IReadOnlyList<string> words)
{
    private const int CannotBegin = 127;
    private int _started;

    internal string Id { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    internal SimulatedContainer Container { get; } = container;

    internal IReadOnlyList<string> Words { get; } = words;

    internal bool Running { get; private set; }

    internal int? ExitCode { get; private set; }

    /// <summary>False when it was started before: each runs once.</summary>
    internal bool TryStart()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0) return false;
        Running = true;
        return true;
    }

    /// <summary>Runs it to its end, whoever listens.</summary>
    internal async Task RunAsync(TimeProvider time, Func<LogSource, string, Task> writeAsync)
    {
        var code = Words[0] switch
        {
            "true" => 0,
            "false" => 1,
            "echo" => await SayAsync(LogSource.Output, string.Join(' ', Words.Skip(1)) + "\n", 0),
            "cat" => await SayAsync(LogSource.Error, string.Concat(Words.Skip(1).Select(static w => $"cat: can't open '{w}': No such file or directory\n")), Words.Count > 1 ? 1 : 0),
            "sleep" => await SleepAsync(),
            _ => await SayAsync(LogSource.Output, $"OCI runtime exec failed: exec failed: unable to start container process: exec: \"{Words[0]}\": executable file not found in $PATH: unknown\r\n", CannotBegin),
        };
        ExitCode = code;
        Running = false;

        async Task<int> SayAsync(LogSource source, string text, int exitCode)
        {
            await writeAsync(source, text);
            return exitCode;
        }

        async Task<int> SleepAsync()
        {
            if (Words is not [_, var length] || !double.TryParse(length, CultureInfo.InvariantCulture, out var seconds))
            {
                return await SayAsync(LogSource.Error, $"sleep: invalid number '{Words.ElementAtOrDefault(1)}'\n", 1);
            }

            await Task.Delay(TimeSpan.FromSeconds(seconds), time);
            return 0;
        }
    }
}
