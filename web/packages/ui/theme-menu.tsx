import { msg, say } from "@atelier/strings";
import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { WeatherMoonRegular, WeatherSunnyRegular } from "@fluentui/react-icons";
import { chooseTheme, useDark, useThemeChoice, type ThemeChoice } from "./theme-choice.ts";

const choices = [
  ["system", msg("theme.system", "Like the system")],
  ["light", msg("theme.light", "Light")],
  ["dark", msg("theme.dark", "Dark")],
] as const;

/** ThemeMenu lets the reader choose the theme. */
export function ThemeMenu() {
  const dark = useDark();
  return (
    <Menu checkedValues={{ theme: [useThemeChoice()] }} onCheckedValueChange={(_, data) => choose(data.checkedItems[0])}>
      <MenuTrigger>
        <Button
          appearance="subtle"
          icon={dark ? <WeatherMoonRegular /> : <WeatherSunnyRegular />}
          aria-label={say(msg("theme.menu", "Theme"))}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map(([value, label]) => (
            <MenuItemRadio key={value} name="theme" value={value}>
              {say(label)}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function choose(value: string | undefined): void {
  chooseTheme((value ?? "system") as ThemeChoice);
}
