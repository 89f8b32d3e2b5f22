BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlContainer' {
    It 'lists the containers of every host, one object each' {
        $all = @(Get-HlContainer)
        $all.Count | Should -Be 11
        $all | Should -BeOfType ([Homelab.Container])
        $all.Host | Sort-Object -Unique | Should -Be 'ai', 'dev', 'infra'
    }

    It 'takes the name <as>' -ForEach @(
        @{ as = 'by position'; call = { Get-HlContainer gitea } }
        @{ as = 'by parameter'; call = { Get-HlContainer -Name gitea } }
        @{ as = 'with its host'; call = { Get-HlContainer gitea@dev } }
        @{ as = 'from the pipeline'; call = { 'gitea' | Get-HlContainer } }
        @{ as = 'from a row with a name and a host'; call = { [pscustomobject]@{ Name = 'gitea'; Host = 'dev' } | Get-HlContainer } }
        @{ as = 'from a container'; call = { Get-HlContainer gitea | Get-HlContainer } }
        @{ as = 'as a pattern'; call = { Get-HlContainer git* } }
    ) {
        & $call | ForEach-Object ToString | Should -Be 'gitea@dev'
    }

    It 'filters by <by>' -ForEach @(
        @{ by = 'host'; call = { Get-HlContainer -Host dev }; expected = 'code-server', 'gitea', 'postgresql', 'redis' }
        @{ by = 'health'; call = { Get-HlContainer -Health None }; expected = 'adguardhome', 'postgresql', 'redis' }
        @{ by = 'name and host'; call = { Get-HlContainer *a* -Host infra }; expected = 'adguardhome', 'homepage', 'traefik' }
        @{ by = 'state'; call = { Get-HlContainer -State Exited }; expected = $null }
        @{ by = 'label'; call = { Get-HlContainer -Label nosuch=1 }; expected = $null }
    ) {
        & $call | ForEach-Object Name | Sort-Object | Should -Be $expected
    }

    It 'says of an exact name that it was not found, and goes on with the next' {
        $found = 'nosuch', 'gitea' | Get-HlContainer -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Name | Should -Be 'gitea'
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'ContainerNotFound,Homelab.PowerShell.GetHlContainerCommand'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
    }

    It 'says of nothing that it is nothing: <call>' -ForEach @(
        @{ call = { Restart-HlContainer $null } }
        @{ call = { Get-HlContainerDetail -Container $null } }
        @{ call = { Start-HlVm $null } }
    ) {
        $caught = Get-Caught $call
        $caught.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError*'
        "$caught" | Should -BeLike '*null*'
    }

    It 'finds nothing by a pattern without a word' {
        Get-HlContainer nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'refuses a host that the lab does not have' {
        $caught = Get-Caught { Get-HlContainer -Host nosuch }
        $caught.FullyQualifiedErrorId | Should -Be 'DockerHostNotFound,Homelab.PowerShell.GetHlContainerCommand'
        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.TargetObject | Should -Be 'nosuch'
    }

    It 'refuses a state that there is not, and lists those that there are' {
        (Get-Caught { Get-HlContainer -State Sleeping }).Exception.Message | Should -BeLike '*Running*'
    }

    It 'tells each request under -Verbose, and no secret' {
        $lines = Get-HlContainer -Host dev -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        $lines | Should -HaveCount 1
        "$lines" | Should -Match '^docker dev: GET /containers/json\?all=1 -> 200 in [\d.]+ ms$'
    }

    It 'changes nothing' {
        $null = Invoke-Control $lab Post reset
        Get-HlContainer | Out-Null
        Get-Change $lab | Should -BeNullOrEmpty
    }
}

Describe '<verb>-HlContainer' -ForEach @(
    @{ verb = 'Restart'; wire = 'restart'; before = 'Running'; after = 'Running' }
    @{ verb = 'Stop'; wire = 'stop'; before = 'Running'; after = 'Exited' }
    @{ verb = 'Start'; wire = 'start'; before = 'Exited'; after = 'Running' }
) {
    BeforeAll {
        $script:cmdlet = "$verb-HlContainer"
        $script:class = "Homelab.PowerShell.${verb}HlContainerCommand"
    }

    BeforeEach {
        # It must be as it was before, whatever the last test did.
        if ($before -eq 'Running') { Start-HlContainer redis@dev } else { Stop-HlContainer redis@dev -Grace 0s }
        $null = Invoke-Control $lab Post reset
    }

    AfterAll {
        Start-HlContainer redis@dev
    }

    It 'takes the container <as>' -ForEach @(
        @{ as = 'by position'; call = { & $cmdlet redis@dev } }
        @{ as = 'by parameter'; call = { & $cmdlet -Container redis } }
        @{ as = 'by the name that other modules use'; call = { & $cmdlet -Name redis } }
        @{ as = 'as text from the pipeline'; call = { 'redis@dev' | & $cmdlet } }
        @{ as = 'as an object'; call = { Get-HlContainer redis | & $cmdlet } }
        @{ as = 'in detail'; call = { Get-HlContainerDetail redis | & $cmdlet } }
        @{ as = 'from a check'; call = { Test-HlContainer redis | & $cmdlet } }
        @{ as = 'from a row with a name and a host'; call = { [pscustomobject]@{ Name = 'redis'; Host = 'dev' } | & $cmdlet } }
        @{ as = 'from a row of a CSV file'; call = { "Name,Host`nredis,dev" | ConvertFrom-Csv | & $cmdlet } }
        @{ as = 'from a row with a container'; call = { [pscustomobject]@{ Container = 'redis@dev' } | & $cmdlet } }
        @{ as = 'by its id'; call = { & $cmdlet (Get-HlContainer redis).Id } }
    ) {
        & $call | Should -BeNullOrEmpty
        Get-Change $lab | Should -Be "$wire redis@dev"
        (Get-HlContainer redis).State | Should -Be $after
    }

    It 'returns the container as it was seen afterwards with -PassThru' {
        $seen = & $cmdlet redis@dev -PassThru
        $seen | Should -BeOfType ([Homelab.ContainerDetail])
        "$seen" | Should -Be 'redis@dev'
        $seen.State | Should -Be $after
    }

    It 'does nothing under -WhatIf, and says what it would do' {
        $said = Invoke-Shell "Connect-Hl '$($lab.File)' | Out-Null; $cmdlet redis@dev -WhatIf"
        $said.Output | Should -BeExactly "What if: Performing the operation `"$verb container`" on target `"redis@dev`"."
        $said.Errors | Should -BeNullOrEmpty
        Get-Change $lab | Should -BeNullOrEmpty
    }

    # PowerShell itself takes 90s for the number 90, of type short, and 90.5s for 90.
    It 'takes the time <time> as it is written' -ForEach @(
        @{ time = '90s'; call = { & $cmdlet redis@dev -Timeout 90s } }
        @{ time = '90.5s'; call = { & $cmdlet redis@dev -Timeout 90.5s } }
        @{ time = '2m'; call = { & $cmdlet redis@dev -Timeout 2m } }
        @{ time = '1m30s'; call = { & $cmdlet redis@dev -Timeout '1m30s' } }
        @{ time = 'a time span'; call = { & $cmdlet redis@dev -Timeout ([timespan]::FromMinutes(1)) } }
    ) {
        & $call
        Get-Change $lab | Should -Be "$wire redis@dev"
    }

    It 'asks nobody with -Confirm:$false' {
        & $cmdlet redis@dev -Confirm:$false
        Get-Change $lab | Should -Be "$wire redis@dev"
    }

    It 'does the others when one is not found' {
        'nosuch', 'redis' | & $cmdlet -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-Change $lab | Should -Be "$wire redis@dev"
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be "ContainerNotFound,$class"
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failed[0].TargetObject | Should -Be 'nosuch'
        $failed[0].Exception | Should -BeOfType ([Homelab.HomelabException])
        $failed[0].Exception.Kind | Should -Be 'NotFound'
    }

    It 'refuses <what>, and does nothing' -ForEach @(
        @{ what = 'a time out of range'; call = { & $cmdlet redis -Timeout 5h }; id = 'InputInvalid'; says = '*from 1s to 10m*' }
        @{ what = 'a number without a unit'; call = { & $cmdlet redis -Timeout 5 }; id = 'ParameterArgumentTransformationError'; says = '*5 is a number without a unit. Write 5s*' }
        @{ what = 'a variable that PowerShell has read as a number'; call = { $time = 30s; & $cmdlet redis -Timeout $time }; id = 'ParameterArgumentTransformationError'; says = "*with quotes, '30s'*" }
        @{ what = 'what is no duration'; call = { & $cmdlet redis -Timeout soon }; id = 'ParameterArgumentTransformationError'; says = "*'soon' is no duration*" }
        @{ what = 'what is no name'; call = { & $cmdlet ../etc }; id = 'CannotConvertArgumentNoMessage'; says = '*not a container name*' }
        @{ what = 'a pattern'; call = { & $cmdlet red* }; id = 'CannotConvertArgumentNoMessage'; says = '*not a container name*' }
        @{ what = 'a list'; call = { & $cmdlet gitea, redis }; id = 'ParameterArgumentTransformationError'; says = '*2 things are given where one is taken. Pipe them*' }
        @{ what = 'no name'; call = { & $cmdlet '' }; id = '*'; says = '*' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -BeLike "$id,$class"
        $caught[0].Exception.Message | Should -BeLike $says
        Get-Change $lab | Should -BeNullOrEmpty
    }
}
