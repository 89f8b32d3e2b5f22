using FsCheck;
using FsCheck.Fluent;
using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

/// <summary>Whatever a file holds: it is read, or every problem is told; nothing else happens.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Runs = 1_000;

    private static readonly string[] s_fragments =
    [
        "\n", "  ", "\t", ": ", "- ", "{", "}", "[", "]", ",", "\"", "'", "|\n", ">-\n", "&a ", "*a", "!!str ", "<<: *a", "---\n", "...\n", "# ", "? ", "%YAML 1.2\n", "~", "true", "0x1F", "1e400",
        "-1", "\0", "\u0085", "\u2028", "\uD83D\uDE00", "env:X", "services:", "hosts:", "policy:", "include: [ lab.yaml ]", "include: [ \"*\" ]", "dependsOn: [ gitea ]", "spec:", "steps:", "999999999999999999999", "..", "/", "@",
    ];

    private readonly LabFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_text_as_a_lab_file_is_read_or_refused() => Check(Gen.OneOf(RandomText(), Mutations(LabFileTests.Sample)), ReadLab);

    [Fact]
    public void Any_text_as_a_runbook_is_read_or_refused() => Check(Gen.OneOf(RandomText(), Mutations(RunbookReaderTests.Sample)), ReadRunbook);

    [Fact]
    public void Any_bytes_as_a_lab_file_are_read_or_refused() =>
        Prop.ForAll(
            Gen.Choose(0, 255).Select(static b => (byte)b).ArrayOf().ToArbitrary(),
            bytes =>
            {
                File.WriteAllBytes(Path.Join(_folder.Root, "lab.yaml"), bytes);
                AssertReadOrRefused(() => _folder.Read());
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private static Gen<string> RandomText() => Gen.Elements(s_fragments).ArrayOf().Select(string.Concat);

    // Cuts, doubles, swaps and replaces pieces of a good file: most of what comes out is nearly right, which is where a reader trips.
    private static Gen<string> Mutations(string good) =>
        from edits in Gen.Choose(1, 6)
        from steps in Gen.Choose(0, int.MaxValue - 1).ArrayOf(edits * 3)
        select Enumerable.Range(0, edits).Aggregate(good, (text, i) => Mutate(text, steps[i * 3], steps[(i * 3) + 1], s_fragments[steps[(i * 3) + 2] % s_fragments.Length]));

    private static string Mutate(string text, int where, int what, string fragment)
    {
        if (text.Length == 0) return fragment;
        var at = where % text.Length;
        var length = Math.Min(text.Length - at, what % 23);
        return (what % 5) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, fragment),
            2 => text.Insert(at, text.Substring(at, length)),
            3 => text[..at] + fragment + text[(at + length)..],
            _ => text[..at],
        };
    }

    private static void Check(Gen<string> texts, Action<string> read) => Prop.ForAll(texts.ToArbitrary(), read).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    private static void AssertReadOrRefused(Action read)
    {
        try
        {
            read();
        }
        catch (ConfigurationException e)
        {
            Assert.NotEmpty(e.Problems);
            Assert.All(e.Problems, static p => Assert.True(p.Position is { Line: > 0, Column: > 0 } && p.Path.Length > 0 && p.Reason.Length > 0 && p.WayOut.Length > 0, p.ToString()));
        }
    }

    private void ReadLab(string text)
    {
        _folder.Write("lab.yaml", text);
        AssertReadOrRefused(() => _folder.Read());
    }

    private void ReadRunbook(string text)
    {
        _folder.Write("lab.yaml", text);
        AssertReadOrRefused(() => RunbookReader.Read(Path.Join(_folder.Root, "lab.yaml")));
    }
}
